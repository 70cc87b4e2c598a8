import eventlet


def wait(box):
    with eventlet.Timeout(0.05):
        while not box:
            eventlet.sleep(60)
