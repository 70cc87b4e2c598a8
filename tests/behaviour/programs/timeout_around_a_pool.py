# proves: a pool is waited for no longer than a Timeout said, and its tasks go on
# api: eventlet.GreenPool, eventlet.Timeout
# tier: review
# settings: helpers=background
import threading

import eventlet

go_on = threading.Event()


def work(name, done):
    eventlet.sleep(0)
    if name == "slow":
        while not go_on.is_set():
            eventlet.sleep(0.01)
    done.append(name)


def run(names, limit):
    done = []
    pool = eventlet.GreenPool(3)
    for name in names:
        pool.spawn_n(work, name, done)
    try:
        with eventlet.Timeout(limit):
            pool.waitall()
    except eventlet.Timeout as error:
        print("left", sorted(done), error)
    else:
        print("done", sorted(done))
    return pool, done


def run_all(names, limit):
    done = []
    pool = eventlet.GreenPool(1)
    pool.spawn_n(work, names[0], done)
    with eventlet.Timeout(limit, False):
        pool.waitall()
        return f"all of {len(done)}"
    return f"{len(done)} done"


run(["a", "b"], 5)
pool, done = run(["a", "slow"], 0.1)
print(run_all(["slow"], 0.1))
go_on.set()
pool.waitall()
print(sorted(done), run_all(["c"], 5))
