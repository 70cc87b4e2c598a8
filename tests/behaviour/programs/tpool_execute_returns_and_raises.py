# proves: a call taken out of the thread pool returns, raises and takes arguments alike
# api: eventlet.tpool.execute
# tier: review
# settings: force=yes
# exit: 1
# errors: ZeroDivisionError: integer division or modulo by zero
import hashlib

from eventlet import tpool


def digest(data, *, length=8):
    return hashlib.sha256(data).hexdigest()[:length]


def parse(text, base=10):
    try:
        return tpool.execute(int, text, base=base)
    except ValueError as exc:
        return str(exc).split(":")[0]


print(tpool.execute(digest, b"block", length=12))
print(parse("ff", 16), parse("7"), parse("x"))
print(tpool.execute(lambda *rows: sum(rows), *range(5)))
print(tpool.execute(divmod, 7, 0))
