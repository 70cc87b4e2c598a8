# proves: a task that spawns into its own full pool runs the child itself, so the pool stays
# api: eventlet.GreenPool
# tier: manual
# rewrite: none
import eventlet

pool = eventlet.GreenPool(1)


def leaf(name):
    return f"leaf {name}"


def branch():
    return [pool.spawn(leaf, name).wait() for name in "ab"]


print(pool.spawn(branch).wait())
print(pool.running(), pool.free())
