# proves: any number of tasks may wait for others, since nothing bounds the threads
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet

TREE = {n: [2 * n, 2 * n + 1] for n in range(1, 32)}


def size(node):
    children = [eventlet.spawn(size, child) for child in TREE.get(node, ())]
    return 1 + sum(child.wait() for child in children)


def chain(n):
    if n == 0:
        return "end"
    return eventlet.spawn(chain, n - 1).wait()


print("nodes:", size(1))
print("after 40 hops:", chain(40))
