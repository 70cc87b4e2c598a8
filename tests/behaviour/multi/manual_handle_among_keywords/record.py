class Record:
    def __init__(self, **fields):
        vars(self).update(fields)


def show(record):
    return f"{record.name}: {record.size.wait()}"
