# proves: a handle bound by := is waited for like any other
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def measure(sensor):
    return {"roof": 31, "cellar": 12}[sensor]


readings = []
if (roof := eventlet.spawn(measure, "roof")) is not None:
    readings.append(roof.wait())
print((cellar := eventlet.spawn(measure, "cellar")).wait(), cellar.wait())
task: object = eventlet.spawn(measure, "roof")
print(readings, roof.wait() - cellar.wait())
