# proves: an event without a value becomes set, is_set and wait
# api: eventlet.event.Event, eventlet.spawn
# tier: review
import eventlet
from eventlet import event, queue


class Server:
    def __init__(self):
        self._started = event.Event()
        self._requests = queue.Queue()
        self._replies = queue.Queue()

    def start(self):
        print("ready before start:", self._started.ready())
        eventlet.spawn(self._serve)
        self._started.wait()
        print("ready after start:", self._started.ready())

    def _serve(self):
        self._started.send()
        while True:
            self._replies.put(self._requests.get()[::-1])

    def call(self, text):
        self._requests.put(text)
        return self._replies.get()


server = Server()
server.start()
print(server.call("stressed"))
