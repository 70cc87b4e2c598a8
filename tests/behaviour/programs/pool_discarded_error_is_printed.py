# proves: an error in a spawn whose result nobody keeps is printed, and waitall does not raise it
# api: eventlet.GreenPool, eventlet.GreenPool.spawn, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=concurrency
# errors: OSError: queue 2 is down; OSError: queue 4 is down
import eventlet


class Sender:
    def __init__(self):
        self.sent = []

    def send(self, number):
        if number % 2 == 0:
            raise OSError(f"queue {number} is down")
        self.sent.append(number)

    def send_all(self, numbers):
        pool = eventlet.GreenPool(4)
        for number in numbers:
            pool.spawn(self.send, number)
        pool.waitall()


sender = Sender()
sender.send_all(range(1, 6))
print(sorted(sender.sent))
