# proves: without the pool a call sees its caller's thread-locals; C-LOCAL says so
# api: eventlet.tpool.execute
# tier: review
# settings: force=yes
# differs: C-LOCAL (native, patched)
# then-stdout:
#   | connect
#   | rows from connection 1
#   | rows from connection 1
import threading

from eventlet import tpool

cache = threading.local()
opened = []


def connection():
    if not hasattr(cache, "connection"):
        print("connect")
        opened.append(None)
        cache.connection = f"connection {len(opened)}"
    return cache.connection


def query():
    return f"rows from {connection()}"


print(query())
print(tpool.execute(query))
