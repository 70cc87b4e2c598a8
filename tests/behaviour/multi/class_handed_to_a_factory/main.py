# proves: a service started by a generic launcher of another file, which waits for it
# api: eventlet.spawn, eventlet.event.Event, eventlet.greenthread.GreenThread.wait
# tier: review
from launcher import Launcher
from services import Adder, Greeter

launcher = Launcher()
launcher.launch(Adder, 3, 4)
launcher.launch(Greeter, name="ann")
print(launcher.wait())
