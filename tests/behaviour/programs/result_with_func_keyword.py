# proves: func= names the function, wherever it stands
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def scale(value=1, factor=1):
    return value * factor


print(eventlet.spawn(func=scale).wait())
task = eventlet.spawn(func=scale, value=6, factor=7)
late = eventlet.spawn(value=5, factor=3, func=scale)
print(task.wait(), late.wait())
