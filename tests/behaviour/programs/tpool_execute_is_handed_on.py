# proves: what was to run in tpool by way of another function is called by that function
# api: eventlet.tpool.execute
# tier: review
# settings: force=yes
import functools

from eventlet import tpool

context = {"user": "alice"}


def pass_context(runner, func, *args, **kwargs):
    user = context["user"]

    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        return f"{user}: {func(*args, **kwargs)}"

    return runner(wrapper, *args, **kwargs)


def tpool_execute(func, *args, **kwargs):
    return pass_context(tpool.execute, func, *args, **kwargs)


def checksum(data, modulus=7):
    return sum(data) % modulus


print(tpool_execute(checksum, b"abc", modulus=11))
count = functools.partial(tpool.execute, checksum, modulus=5)
print(count(b"abc"), list(map(tpool.execute, [dict, list])))
try:
    tpool_execute(checksum, "abc")
except TypeError as exc:
    print("failed:", type(exc).__name__)
