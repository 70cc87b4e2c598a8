# proves: sys.exit in a child that is waited for ends the program with its code
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# exit: 3
import sys

import eventlet


def check(config):
    if "port" not in config:
        print("no port given, giving up")
        sys.exit(3)
    return config["port"]


print("port", eventlet.spawn(check, {"port": 80}).wait())
task = eventlet.spawn(check, {})
task.wait()
print("never printed")
