# proves: callers of a wrapper wait for what it spawned, in files that never mention eventlet
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: FileNotFoundError: no page /missing
# differs: C-EXC (native, patched)
# then-errors:
from site_builder import build
from utils import spawn

print(spawn(str.upper, "ready").wait())
print(build(["/", "/about"]))
try:
    build(["/", "/missing"])
except FileNotFoundError as exc:
    print("failed:", exc)
