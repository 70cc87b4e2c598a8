# proves: callbacks that stand in another module get their result from the green thread
# api: eventlet.spawn, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ValueError: no digits in none
# differs: C-EXC (native, patched)
# then-errors:
import callbacks
import eventlet


def parse(text):
    if not text.isdigit():
        raise ValueError(f"no digits in {text}")
    return int(text)


for text in ("12", "none"):
    task = eventlet.spawn(parse, text)
    task.link(callbacks.on_done, text)
    print(callbacks.LOG.get())
counter = callbacks.Counter()
for text in ("1", "2"):
    eventlet.spawn(parse, text).link(counter.add)
    print(callbacks.LOG.get())
print(counter.total)
