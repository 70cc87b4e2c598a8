# proves: an error in a task of an executor is printed by nobody; C-EXC says so
# api: eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# errors: OSError: disk 2 is gone
# differs: C-EXC (native, patched)
# then-errors:
import eventlet

checked = []


def check(disk):
    if disk == 2:
        raise OSError(f"disk {disk} is gone")
    checked.append(disk)


def check_all(disks):
    pool = eventlet.GreenPool(2)
    for disk in disks:
        pool.spawn_n(check, disk)
    pool.waitall()


check_all(range(4))
print(sorted(checked))
