# proves: spawn that is handed to another file as a value stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet
from scheduler import Scheduler

scheduler = Scheduler(eventlet.spawn)
scheduler.add(max, 3, 7)
scheduler.add(len, "four")
print(scheduler.results())
