# proves: a dispatcher that waits in a pipe is woken by each byte, and by the end of the pipe
# api: eventlet.greenio.GreenPipe, eventlet.spawn
# tier: review
import os

import eventlet
from eventlet import greenio


class Dispatcher:
    def __init__(self):
        receiver, sender = os.pipe()
        self.sender = greenio.GreenPipe(sender, "wb", 0)
        self.receiver = greenio.GreenPipe(receiver, "rb", 0)
        self.jobs = []

    def submit(self, job):
        self.jobs.append(job)
        self.sender.write(b"!")

    def run(self):
        done = []
        while self.receiver.read(1):
            done.append(self.jobs.pop(0))
        return done


dispatcher = Dispatcher()
runner = eventlet.spawn(dispatcher.run)
for number in range(3):
    dispatcher.submit(f"job {number}")
dispatcher.sender.close()
print(runner.wait())
try:
    dispatcher.submit("too late")
except ValueError as exc:
    print("closed:", exc)
dispatcher.receiver.close()
