# proves: a Timeout and what it interrupts stay; nothing native can interrupt
# api: eventlet.Timeout
# tier: manual
# rewrite: partial
# keeps: eventlet.Timeout(0.02)
import time

import eventlet

eventlet.monkey_patch()


def slow_call():
    eventlet.sleep(30)
    return "answer"


start = time.monotonic()
try:
    with eventlet.Timeout(0.02):
        print(slow_call())
except eventlet.Timeout as exc:
    print("gave up after", exc)
print("in time:", time.monotonic() - start < 20)
