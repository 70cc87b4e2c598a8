# proves: a green import with a standard fallback keeps working, and names its module once
# api: eventlet.green.time, eventlet.green.subprocess
# tier: safe
import sys

try:
    from eventlet.green import subprocess
except ImportError:
    import subprocess

try:
    from eventlet.green import time
except ImportError:
    import time


def run(code):
    start = time.monotonic()
    output = subprocess.check_output([sys.executable, "-c", code])
    return output.decode().split(), time.monotonic() >= start


print(run("print('left', 'right')"))
