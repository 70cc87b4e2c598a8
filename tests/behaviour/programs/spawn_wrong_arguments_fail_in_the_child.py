# proves: a call that does not fit its target fails in the child, not at the spawn
# api: eventlet.spawn, eventlet.sleep
# tier: review
# errors: TypeError: resize() missing 1 required positional argument: 'height'
import io
import sys
import time

import eventlet


def resize(width, height):
    print("never printed", width, height)


real, sys.stderr = sys.stderr, io.StringIO()
eventlet.spawn(resize, 640)
print("spawned")
deadline = time.monotonic() + 10
while "'height'\n" not in sys.stderr.getvalue() and time.monotonic() < deadline:
    eventlet.sleep(0.005)
real.write(sys.stderr.getvalue())
print("still serving")
