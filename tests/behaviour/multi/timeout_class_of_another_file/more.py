import errors as known


class NoLock(known.NoAnswer):
    def __str__(self):
        return "no lock"
