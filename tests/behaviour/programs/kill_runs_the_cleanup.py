# proves: kill runs the finally of a loop before it returns; nothing native does, so it stays
# api: eventlet.spawn, eventlet.greenthread.GreenThread.kill
# tier: manual
# rewrite: none
import eventlet
from eventlet import queue


class Session:
    def __init__(self):
        self.log = queue.Queue()

    def start(self):
        self._task = eventlet.spawn(self._serve)

    def _serve(self):
        self.log.put("logged in")
        try:
            while True:
                eventlet.sleep(30)
        finally:
            self.log.put("logged out")

    def stop(self):
        self._task.kill()


session = Session()
session.start()
print(session.log.get())
session.stop()
print(session.log.get_nowait())
