# proves: a list and a dict of green threads go from a module to the one that waits
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
from checks import start_all, start_by_name
from report import table, total

tasks = start_all([4, 9, 16])
print(total(tasks), [task.wait() for task in tasks])
for line in table(start_by_name({"disk": 3, "net": 5})):
    print(line)
