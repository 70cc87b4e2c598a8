# proves: what stands in finally runs before the error of the child goes on
# api: eventlet.spawn, eventlet.semaphore.Semaphore, eventlet.greenthread.GreenThread.wait
# tier: review
# errors: RuntimeError: tape 2 is torn
# differs: C-EXC (native, patched)
# then-errors:
import eventlet
from eventlet.semaphore import Semaphore

drive = Semaphore(1)


def read(tape):
    if tape == 2:
        raise RuntimeError("tape 2 is torn")
    return f"data of tape {tape}"


def use(tape):
    drive.acquire()
    task = eventlet.spawn(read, tape)
    try:
        return task.wait()
    finally:
        drive.release()
        print("drive is free after tape", tape)


for tape in (1, 2, 3):
    try:
        print(use(tape))
    except RuntimeError as exc:
        print("lost:", exc)
