# proves: conditions, comparisons and subscripts with wait in them
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def page(number):
    return {"items": [number * 10, number * 10 + 1], "next": number + 1 if number < 3 else None}


number, items = 1, []
while number is not None:
    task = eventlet.spawn(page, number)
    if len(task.wait()["items"]) == 2 and task.wait()["next"] != 2:
        items += task.wait()["items"][1:]
    else:
        items += task.wait()["items"]
    number = task.wait()["next"]
print(items)
assert eventlet.spawn(all, items).wait(), "never shown"
print("yes" if eventlet.spawn(any, [0, 0]).wait() else "no", -eventlet.spawn(len, items).wait())
