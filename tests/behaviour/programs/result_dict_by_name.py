# proves: green threads kept in a dict by name give their results by name
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet

PRICES = {"tea": 3, "cake": 5, "soup": 8}


def price(item, amount):
    return PRICES[item] * amount


order = {"tea": 2, "cake": 1, "soup": 3}
tasks = {}
for item, amount in order.items():
    tasks[item] = eventlet.spawn(price, item, amount)
print("tea alone:", tasks["tea"].wait())
bill = {item: task.wait() for item, task in tasks.items()}
print(bill, sum(bill.values()))
more = {item: eventlet.spawn(price, item, 10) for item in PRICES}
print([more[item].wait() for item in sorted(more)])
