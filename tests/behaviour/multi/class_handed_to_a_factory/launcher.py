import eventlet
from eventlet import event


class Launcher:
    def __init__(self):
        self._services = []
        self._threads = []
        self._done = event.Event()

    def launch(self, factory, *args, **kwargs):
        service = factory(*args, **kwargs)
        self._services.append(service)
        self._threads.append(eventlet.spawn(self._run, service))

    def _run(self, service):
        service.run()
        self._done.wait()
        return service.result()

    def wait(self):
        self._done.send()
        return [thread.wait() for thread in self._threads]
