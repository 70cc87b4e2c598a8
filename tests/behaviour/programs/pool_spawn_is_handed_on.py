# proves: a function of the program may start tasks by the method that it is given
# api: eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
import eventlet

context = {"request": "req-1"}
seen = []


def pass_context(runner, function, *args):
    current = dict(context)
    runner(lambda: function(current["request"], *args))


def sync(request, instance):
    seen.append((request, instance))


def sync_all(instances):
    pool = eventlet.GreenPool(3)
    for instance in instances:
        pass_context(pool.spawn_n, sync, instance)
    pool.waitall()


sync_all(["i1", "i2", "i3"])
print(sorted(seen))
