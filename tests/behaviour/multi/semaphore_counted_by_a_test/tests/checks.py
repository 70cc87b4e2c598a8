import worker


def check_limited():
    loader = worker.Worker(4)
    assert loader.download_slots.balance == 4
    assert loader.download("abc") == 3
    return loader.download_slots.acquire(blocking=False)


def check_unlimited():
    loader = worker.Worker(0)
    assert isinstance(loader.download_slots, worker.Unlimited)
    assert loader.download_slots.balance == 0
    return loader.download("abcd")
