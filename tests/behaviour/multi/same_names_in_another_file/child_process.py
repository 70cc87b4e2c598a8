import subprocess
import sys


class Mailbox(list):
    def get(self):
        return self.pop(0)


class Child:
    def __init__(self, code):
        self.task = subprocess.Popen([sys.executable, "-c", f"raise SystemExit({code})"])
        self.queue = Mailbox(["letter"])

    def finish(self):
        return self.task.wait(timeout=15)
