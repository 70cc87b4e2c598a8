# proves: a wait whose value nobody uses still raises the error of the child
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: OSError: disk full
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


class Backup:
    def __init__(self):
        self.saved = []

    def run(self, names):
        job = eventlet.spawn(self._copy, names)
        job.wait()
        print("all saved")

    def _copy(self, names):
        for name in names:
            if name == "huge.img":
                raise OSError("disk full")
            self.saved.append(name)


backup = Backup()
backup.run(["a.txt", "b.txt"])
try:
    backup.run(["c.txt", "huge.img", "d.txt"])
except OSError as exc:
    print("stopped:", exc)
print(backup.saved)
