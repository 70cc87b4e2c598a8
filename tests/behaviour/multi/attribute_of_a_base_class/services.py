from base import Service


class Sum(Service):
    def __init__(self, name, numbers):
        super().__init__(name)
        self.numbers = numbers

    def run(self):
        return sum(self.numbers)

    def wait_started(self):
        print("started", self._started.wait())

    def stop(self):
        return self._task.wait()


class Echo(Sum):
    def run(self):
        return self.numbers + "!"

    def stop(self):
        return "echoed " + super().stop()
