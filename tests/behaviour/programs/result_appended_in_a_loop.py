# proves: green threads appended to a list in a loop are all waited for
# api: eventlet.spawn, eventlet.sleep, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def checksum(block):
    eventlet.sleep(0.001 * (block[0] % 3))
    return sum(block) % 251


def checksums(blocks):
    tasks = []
    for block in blocks:
        task = eventlet.spawn(checksum, block)
        tasks.append(task)
    results = []
    for task in tasks:
        results.append(task.wait())
    return results


print(checksums([bytes([n, n * 2, 7]) for n in range(1, 7)]))
print(checksums([]))
