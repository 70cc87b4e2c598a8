# proves: a callback that is unlinked is not called; futures have no such thing, so it stays
# api: eventlet.spawn, eventlet.greenthread.GreenThread.unlink
# tier: manual
# rewrite: none
import eventlet

called = []


def job():
    return "done"


def notify(task, who):
    called.append(who)


task = eventlet.spawn(job)
task.link(notify, "ann")
task.link(notify, "bob")
print(task.unlink(notify, "ann"), task.unlink(notify, "eve"))
print(task.wait(), called)
