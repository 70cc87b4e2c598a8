# proves: a caller that counts on sleep's default argument fails natively; C-TYPE says so
# api: eventlet.sleep
# tier: review
# differs: C-TYPE (native)
# then-exit: 1
# then-errors: TypeError: time.sleep() takes exactly one argument (0 given)
# then-stdout:
#   | begin
import eventlet


class Scheduler:
    def __init__(self, switch=eventlet.sleep):
        self.switch = switch

    def run(self, *steps):
        for step in steps:
            print(step)
            self.switch()


Scheduler().run("begin", "work", "end")
