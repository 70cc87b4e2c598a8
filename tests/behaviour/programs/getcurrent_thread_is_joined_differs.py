# proves: join() does not raise what the thread raised, as wait() did; C-EXC says so
# api: eventlet.spawn, eventlet.getcurrent
# tier: review
# exit: 1
# errors: ValueError: bad block; ValueError: bad block
# differs: C-EXC (native, patched)
# then-exit: 0
# then-errors: ValueError: bad block
# then-stdout:
#   | copying
#   | finished
import eventlet


class Copy:
    def start(self):
        self.thread = eventlet.spawn(self.run)

    def run(self):
        print("copying")
        raise ValueError("bad block")

    def finish(self):
        if self.thread is not eventlet.getcurrent():
            self.thread.wait()
        print("finished")


copy = Copy()
copy.start()
copy.finish()
