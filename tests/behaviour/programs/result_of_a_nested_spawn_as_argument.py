# proves: a green thread is started in the arguments of a call, and waited for there
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def join(left, right, *, sep=" "):
    return f"{left}{sep}{right}"


def both(first, second):
    return first.wait(), second.wait()


print(join(eventlet.spawn(str.upper, "a").wait(), sep="-", right=eventlet.spawn(str, 1).wait()))
print(both(second=eventlet.spawn(abs, -2), first=eventlet.spawn(abs, -1)))
print("{} {}".format(*both(eventlet.spawn(hex, 255), eventlet.spawn(oct, 8))))
