# proves: sys.exit in a child ended the process, natively it ends the child; C-EXIT says so
# api: eventlet.spawn, eventlet.queue.Queue
# tier: review
# exit: 3
# differs: C-EXIT (native, patched)
# then-exit: 0
# then-stdout:
#   | watching
#   | bad config, giving up
#   | still here
import sys

import eventlet
from eventlet import queue

changes = queue.Queue()
refused = queue.Queue()


def watch_config():
    if changes.get() == "broken":
        print("bad config, giving up")
        refused.put("broken")
        sys.exit(3)


eventlet.spawn(watch_config)
print("watching")
changes.put("broken")
refused.get()
print("still here")
