# proves: results of green threads that sleep come in the order in which they are asked for
# api: eventlet.spawn
# tier: review
import eventlet


def price(item):
    eventlet.sleep(0.001)
    return {"tea": 3, "cake": 5}[item]


tasks = [eventlet.spawn(price, item) for item in ("tea", "cake")]
print([task.wait() for task in tasks])
