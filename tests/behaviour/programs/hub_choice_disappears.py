# proves: choosing or warming up a hub goes without a trace, also as the body of a branch
# api: eventlet.hubs.use_hub, eventlet.hubs.get_hub
# tier: review
# settings: force=yes
import eventlet
import eventlet.hubs
from eventlet import hubs


class Worker:
    def __init__(self, forked):
        self.forked = forked

    def init_process(self):
        if self.forked:
            hubs.use_hub()
        eventlet.hubs.get_hub()

    def run(self, rounds):
        self.init_process()
        for _ in range(rounds):
            eventlet.sleep(0.001)
        return f"ran {rounds} rounds"


eventlet.hubs.use_hub("selects")
print(Worker(forked=False).run(2))
print(Worker(forked=True).run(3))
