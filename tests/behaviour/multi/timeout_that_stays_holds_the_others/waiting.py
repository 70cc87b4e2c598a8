import eventlet


def wait(box):
    with eventlet.Timeout(0.05):
        while not box:
            eventlet.sleep(60)


def limited(work, *args):
    with eventlet.Timeout(0.05):
        work(*args)
