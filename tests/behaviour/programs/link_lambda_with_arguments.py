# proves: a lambda that is linked with arguments gets the result and what the arguments were
# api: eventlet.spawn, GreenThread.link, wait
# tier: review
import eventlet

notes = []


def report(gt, *args, **details):
    notes.append((gt.wait(), args, details))


def start(number):
    task = eventlet.spawn(pow, number, 2)
    task.link(lambda done, label: notes.append((label, done.wait())), number)
    task.link(report, number, number + 1, longer_keyword_argument=number, another_one=None)
    number = 0
    return task


for n in (2, 3):
    start(n).wait()
    eventlet.sleep(0.05)
print(sorted(notes, key=repr))
