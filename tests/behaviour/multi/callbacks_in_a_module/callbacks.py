import queue_of_the_project

LOG = queue_of_the_project.make()


def on_done(task, text):
    try:
        LOG.put(f"{text} is {task.wait()}")
    except ValueError as exc:
        LOG.put(f"{text} failed: {exc}")


class Counter:
    def __init__(self):
        self.total = 0

    def add(self, task):
        self.total += task.wait()
        LOG.put(f"total {self.total}")
