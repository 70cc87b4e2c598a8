# proves: the rewritten call waits at least as long as was asked
# api: eventlet.sleep
# tier: safe
import time

import eventlet

SETTLE = 0.02


def measure(action):
    start = time.monotonic()
    action()
    return time.monotonic() - start


def settle():
    eventlet.sleep(0.02)


print("settled:", measure(settle) > SETTLE * 0.9)
print("five times:", measure(lambda: [settle() for _ in range(5)]) > 5 * SETTLE * 0.9)
