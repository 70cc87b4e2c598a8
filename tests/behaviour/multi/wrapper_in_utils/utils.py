import eventlet


def spawn(function, *args, **kwargs):
    """Run a function in the background."""
    return eventlet.spawn(function, *args, **kwargs)
