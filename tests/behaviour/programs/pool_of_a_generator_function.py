# proves: a generator may run a pool and give what it has while it is waited for
# api: eventlet.GreenPool.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def measure(sensor):
    return len(sensor) * 10


def readings(sensors):
    pool = eventlet.GreenPool(2)
    threads = [(sensor, pool.spawn(measure, sensor)) for sensor in sensors]
    for sensor, thread in threads:
        yield sensor, thread.wait()


for name, value in readings(["t1", "humidity", "co2"]):
    print(name, value)
