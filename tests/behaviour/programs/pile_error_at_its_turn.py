# proves: the error of a task comes at its turn, after the results before it
# api: eventlet.GreenPile, eventlet.GreenPile.spawn
# tier: review
# errors: PermissionError: /etc/shadow
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


def read(path):
    if "shadow" in path:
        raise PermissionError(path)
    return len(path)


pile = eventlet.GreenPile(4)
for path in ("/etc/hosts", "/etc/motd", "/etc/shadow", "/etc/group"):
    pile.spawn(read, path)
sizes = []
try:
    for size in pile:
        sizes.append(size)
except PermissionError as exc:
    print("not allowed:", exc)
print(sizes)
