import eventlet


class Unlimited:
    balance = 0

    def __enter__(self):
        return None

    def __exit__(self, *exc_info):
        return None


class Worker:
    def __init__(self, limit):
        if limit != 0:
            self.download_slots = eventlet.Semaphore(limit)
        else:
            self.download_slots = Unlimited()

    def download(self, name):
        with self.download_slots:
            return len(name)
