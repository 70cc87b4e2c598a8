# proves: spawn whose result is waited for stays until waiting is rewritten too
# api: eventlet.spawn
# tier: manual
# rewrite: partial
# keeps: eventlet.spawn(price, item)
import eventlet


def price(item):
    eventlet.sleep(0.001)
    return {"tea": 3, "cake": 5}[item]


tasks = [eventlet.spawn(price, item) for item in ("tea", "cake")]
print([task.wait() for task in tasks])
