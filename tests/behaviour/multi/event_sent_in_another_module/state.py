from eventlet import event

leader = event.Event()


def describe():
    return f"follows {leader.wait()}"
