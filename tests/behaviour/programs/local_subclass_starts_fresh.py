# proves: a subclass of local runs its __init__ once in each child
# api: eventlet.corolocal.local, eventlet.spawn, eventlet.queue.Queue
# tier: review
import eventlet
from eventlet import queue
from eventlet.corolocal import local


class Transaction(local):
    def __init__(self, isolation):
        self.isolation = isolation
        self.statements = []

    def run(self, statement):
        self.statements.append(statement)
        return len(self.statements)


tx = Transaction("serializable")
counts = queue.Queue()


def session(*statements):
    for statement in statements:
        last = tx.run(statement)
    counts.put((tx.isolation, last))


print(tx.run("BEGIN"))
eventlet.spawn(session, "SELECT 1", "SELECT 2", "SELECT 3")
print(counts.get())
eventlet.spawn(session, "SELECT 4")
print(counts.get())
print(tx.run("COMMIT"), tx.statements)
