# proves: a list of spawns can be looped over, indexed, sliced and popped
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def cube(n):
    return n**3


for task in [eventlet.spawn(cube, n) for n in (1, 2)]:
    print(task.wait())
tasks = [eventlet.spawn(cube, n) for n in range(5)]
print(tasks[0].wait(), tasks[-1].wait(), [task.wait() for task in tasks[1:3]])
while tasks:
    task = tasks.pop()
    print(task.wait(), end=" ")
print()
first, *rest = [eventlet.spawn(cube, n) for n in (7, 8, 9)]
print(first.wait(), sorted(task.wait() for task in rest))
print(max(map(lambda task: task.wait(), rest)))
