# proves: the error of a delayed call comes out of wait
# api: eventlet.spawn_after, eventlet.greenthread.GreenThread.wait
# tier: review
# settings: helpers=concurrency
# errors: TimeoutError: no answer from node 4
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


def give_up(node):
    raise TimeoutError(f"no answer from node {node}")


limit = eventlet.spawn_after(0.005, give_up, node=4)
try:
    limit.wait()
except TimeoutError as exc:
    print("gave up:", exc)
