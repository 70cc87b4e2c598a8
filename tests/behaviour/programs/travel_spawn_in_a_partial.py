# proves: a partial of spawn stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import functools

import eventlet


def greet(greeting, name):
    return f"{greeting}, {name}"


start = functools.partial(eventlet.spawn, greet, "hello")
print(start("ann").wait())
print([task.wait() for task in map(start, ["bob", "cem"])])
