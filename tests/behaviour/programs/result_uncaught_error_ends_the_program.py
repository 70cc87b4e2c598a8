# proves: an error that nobody catches after wait ends the program; it is printed once, not twice
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
# exit: 1
# errors: RuntimeError: migration 3 failed; RuntimeError: migration 3 failed
# differs: C-EXC (native, patched)
# then-errors: RuntimeError: migration 3 failed
import eventlet


def migrate(number):
    if number == 3:
        raise RuntimeError("migration 3 failed")
    return number


for number in range(1, 5):
    print("migrated to", eventlet.spawn(migrate, number).wait())
