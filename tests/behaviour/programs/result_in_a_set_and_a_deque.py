# proves: green threads in a set and in a deque are waited for until none is left
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import collections

import eventlet


def length(word):
    return len(word)


pending = set()
for word in ("one", "three", "eleven"):
    pending.add(eventlet.spawn(length, word))
total = 0
while pending:
    total += pending.pop().wait()
print("letters:", total)

line = collections.deque()
for word in ("a", "bb", "ccc"):
    line.append(eventlet.spawn(length, word))
line.appendleft(eventlet.spawn(length, ""))
print([line.popleft().wait() for _ in range(len(line))])
