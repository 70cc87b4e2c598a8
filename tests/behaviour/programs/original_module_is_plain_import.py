# proves: a module taken round the patching is the plain one once nothing is patched
# api: eventlet.patcher.original
# tier: safe
# settings: force=yes
from eventlet import patcher

time = patcher.original("time")
native_threading = patcher.original("threading")


def in_a_real_thread(function):
    results = []
    thread = native_threading.Thread(target=lambda: results.append(function()))
    thread.start()
    thread.join()
    return results[0]


def slow_answer():
    time.sleep(0.005)
    return 42


print(in_a_real_thread(slow_answer))
