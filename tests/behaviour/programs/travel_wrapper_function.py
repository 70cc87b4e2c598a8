# proves: a wrapper of the program around spawn gives its callers what they wait for
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: ValueError: cannot parse x
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


def spawn(function, *args, **kwargs):
    return eventlet.spawn(function, *args, **kwargs)


def parse(text, base=10):
    if not text.isalnum() or text == "x":
        raise ValueError("cannot parse " + text)
    return int(text, base)


class Parser:
    def start(self, text):
        self._parsing = spawn(parse, text, base=16)
        return self

    def value(self):
        return self._parsing.wait()


print(spawn(parse, "12").wait(), Parser().start("ff").value())
tasks = [spawn(parse, str(n)) for n in range(3)]
print([task.wait() for task in tasks])
try:
    spawn(parse, "x").wait()
except ValueError as exc:
    print(exc)
