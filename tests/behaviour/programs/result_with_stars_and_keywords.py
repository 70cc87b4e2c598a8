# proves: positional, star, keyword and mapping arguments reach a function that is waited for
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def call(method, *path, timeout=1, **query):
    return f"{method} /{'/'.join(path)} {timeout} {sorted(query.items())}"


path = ("v2", "servers")
options = {"limit": 10, "timeout": 5}
plain = eventlet.spawn(call, "GET", "v2", timeout=3)
starred = eventlet.spawn(call, "GET", *path, marker="x", **options)
print(plain.wait())
print(starred.wait())


def forward(*args, **kwargs):
    return eventlet.spawn(call, *args, **kwargs)


print(forward("PUT", "v3", name="disk").wait())
