# proves: what a base class starts in one file, a subclass waits for in another
# api: eventlet.spawn, eventlet.event.Event, eventlet.greenthread.GreenThread.wait
# tier: review
from services import Echo, Sum

for service in (Sum("sum", [1, 2, 3]), Echo("echo", "hello")):
    service.start()
    service.wait_started()
    print(service.name, service.stop())
