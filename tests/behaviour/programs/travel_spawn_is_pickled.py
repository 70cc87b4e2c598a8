# proves: a function of eventlet that is found by its name in data stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import pickle
import pkgutil

import eventlet

message = pickle.dumps((eventlet.spawn, len, "four"))
start, function, argument = pickle.loads(message)
print(start(function, argument).wait())
print(pkgutil.resolve_name("eventlet.greenthread:spawn")(abs, -5).wait())
