"""Workers that take jobs from a queue, a few at a time."""

import sys

import eventlet
from eventlet import event
from eventlet.green import subprocess
from eventlet import queue
from eventlet import semaphore

PAUSE = 0.01  # what a thumbnail takes


class Service:
    """Makes thumbnails, as many at once as `limit` says."""

    def __init__(self, workers: int, limit: int):
        self.workers = workers
        self.limit = limit
        self.jobs = queue.Queue()
        self.slots = semaphore.Semaphore(limit)
        self.guard = semaphore.Semaphore()
        self._ready = event.Event()
        self.results = {}
        self.busy = self.most_at_once = 0

    def start(self):
        for _ in range(self.workers):
            eventlet.spawn_n(self._work)
        eventlet.spawn_after(PAUSE, self._announce)

    def wait_until_ready(self):
        self._ready.wait()

    def submit(self, name):
        self.jobs.put(name)

    def drain(self):
        """Wait until every job is done."""
        self.jobs.join()

    def checksum(self):
        """The sum of all sizes, by a child process; meanwhile the workers may go on."""
        code = f"print(sum({sorted(self.results.values())}))"
        done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
        return int(done.stdout)

    def _announce(self):
        self._ready.send()

    def _work(self):
        while True:
            try:
                name = self.jobs.get(timeout=30)
            except queue.Empty:
                continue
            with self.slots:
                self._shrink(name)
            self.jobs.task_done()

    def _shrink(self, name):
        with self.guard:
            self.busy += 1
            self.most_at_once = max(self.most_at_once, self.busy)
        eventlet.sleep(PAUSE)
        with self.guard:
            self.results[name] = len(name) * 100
            self.busy -= 1
