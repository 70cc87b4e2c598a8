# proves: sleep(0) and sleep() inside a computation only yield
# api: eventlet.sleep
# tier: review
import eventlet


def checksum(blocks):
    total = 0
    for number, block in enumerate(blocks):
        total = (total * 31 + sum(block)) % 65521
        if number % 10 == 0:
            eventlet.sleep(0)
        elif number % 7 == 0:
            eventlet.sleep()
    return total


print(checksum([[n, n + 1, n * n] for n in range(40)]))
