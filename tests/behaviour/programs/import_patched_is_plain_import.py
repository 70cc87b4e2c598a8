# proves: a patched copy of a library becomes the library
# api: eventlet.import_patched, eventlet.patcher.import_patched
# tier: review
# settings: force=yes
import eventlet
from eventlet import patcher

rpc = eventlet.import_patched("xmlrpc.client")
shared_queue = patcher.import_patched("queue")


def round_trip(method, *args):
    wire = rpc.dumps(args, method)
    return rpc.loads(wire)


print(round_trip("add", 1, 2))
print(round_trip("echo", "text", [1, {"k": None}][:1]))
line = shared_queue.Queue(3)
line.put("first")
print(line.get())
