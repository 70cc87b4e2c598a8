# proves: a generator under a Timeout ends at the same item; a slow caller meets it inside, C-KILL
# api: eventlet.Timeout, eventlet.sleep
# tier: review
# differs: C-KILL (native, patched)
# then-stdout:
#   | [0, 1, 2]
#   | [0, 'late']
#   | [0]
#   | the caller saw [0, 'late']
#   | nothing fires later
import eventlet


class NoAnswer(Exception):
    pass


def cells(count, pause):
    for number in range(count):
        if number:
            eventlet.sleep(pause)
        yield number


def records(count, pause):
    with eventlet.Timeout(0.2, NoAnswer):
        try:
            for record in cells(count, pause):
                yield record
        except NoAnswer:
            yield "late"


def silent(count, pause):
    with eventlet.Timeout(0.2, False):
        for record in cells(count, pause):
            yield record


def slowly(found):
    for record in records(2, 0):
        found.append(record)
        eventlet.sleep(0.3)
    return found


print(list(records(3, 0)))
print(list(records(3, 0.5)))
print(list(silent(3, 0.5)))
seen = []
try:
    slowly(seen)
    print("the caller saw", seen)
except NoAnswer:
    print("the caller was interrupted after", seen)
unread = records(3, 0)
next(unread)
unread.close()
eventlet.sleep(0.3)
print("nothing fires later")
