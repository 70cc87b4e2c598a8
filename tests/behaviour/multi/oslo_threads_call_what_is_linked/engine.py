import threading

from oslo_service import threadgroup


class Engine:
    def __init__(self):
        self.groups = {}
        self.locks = {"one": threading.Lock(), "two": threading.Lock()}

    def start(self, key, work, *args):
        if key not in self.groups:
            self.groups[key] = threadgroup.ThreadGroup(2)

        def report(gt):
            try:
                print(key, "ended with", gt.wait())
            except ValueError as error:
                print(key, "failed with", error)

        thread = self.groups[key].add_thread(work, *args)
        thread.link(report)
        return thread

    def start_locked(self, key, work, *args):
        lock = self.locks[key]
        lock.acquire()

        def release(gt, name):
            lock.release()
            print("released", name)

        thread = self.start(key, work, *args)
        thread.link(release, key)
        return thread

    def stop(self, key):
        threadgroup = self.groups.pop(key)
        threads = threadgroup.threads[:]
        threadgroup.stop(graceful=True)
        threadgroup.wait()
        done = []
        for thread in threads:
            thread.link(lambda gt: done.append(gt))
        print(key, "stopped,", len(threads) == len(done), len(threadgroup.threads))
