# proves: an attribute of the same name in another class, with a wait of its own, is left alone
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import subprocess
import sys

import eventlet


class LocalJob:
    def __init__(self, function, *args):
        self._task = eventlet.spawn(function, *args)

    def result(self):
        return self._task.wait()


class RemoteJob:
    def __init__(self, code):
        self._task = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])

    def result(self):
        return self._task.wait()

    def result_within(self, seconds):
        return self._task.wait(timeout=seconds)


print(LocalJob(divmod, 17, 5).result(), RemoteJob(4).result(), RemoteJob(5).result_within(15))
