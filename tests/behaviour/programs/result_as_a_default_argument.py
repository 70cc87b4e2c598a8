# proves: a green thread started when a function is defined is waited for when it is called
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def load_rates():
    return {"eur": 1.0, "usd": 1.25}


def in_dollars(amount, rates=eventlet.spawn(load_rates)):
    return amount * rates.wait()["usd"]


print(in_dollars(4))
print(in_dollars(10))
