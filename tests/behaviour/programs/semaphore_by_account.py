# proves: a semaphore for each key of a dict keeps its children apart
# api: eventlet.semaphore.Semaphore, eventlet.spawn, eventlet.sleep, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import semaphore


class Bank:
    def __init__(self, names):
        self.balances = dict.fromkeys(names, 0)
        self._locks = {name: semaphore.Semaphore() for name in names}

    def deposit(self, name, amount):
        with self._locks[name]:
            balance = self.balances[name]
            eventlet.sleep(0.0005)
            self.balances[name] = balance + amount

    def add_account(self, name):
        self._locks[name] = semaphore.Semaphore(1)
        self.balances[name] = 0


bank = Bank(["ann", "bob"])
bank.add_account("cem")
tasks = [eventlet.spawn(bank.deposit, name, n) for n in range(5) for name in bank.balances]
for task in tasks:
    task.wait()
print(bank.balances)
