# proves: an event of an object is sent by one method and waited for by another
# api: eventlet.event.Event, eventlet.spawn_n, eventlet.event.Event.send, eventlet.event.Event.wait
# tier: review
import eventlet
from eventlet import event


class Server:
    def __init__(self):
        self._port = event.Event()

    def start(self):
        eventlet.spawn_n(self._serve)

    def _serve(self):
        for port in (80, 443, 8080):
            if port > 1024:
                self._port.send(port)
                return

    @property
    def port(self):
        return self._port.wait()


server = Server()
server.start()
print("listening on", server.port)
print(f"http://localhost:{server.port}/")
