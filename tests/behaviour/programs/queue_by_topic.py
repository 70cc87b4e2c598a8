# proves: queues in a dict, made on first use, keep topics apart
# api: eventlet.queue.Queue, eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import collections

import eventlet
from eventlet import queue


class Broker:
    def __init__(self):
        self._topics = {}
        self._counts = collections.Counter()

    def _topic(self, name):
        if name not in self._topics:
            self._topics[name] = queue.Queue()
        return self._topics[name]

    def publish(self, topic, message):
        self._topic(topic).put(message)

    def subscribe(self, topic, amount):
        mailbox = self._topic(topic)
        return [mailbox.get() for _ in range(amount)]


broker = Broker()
broker.publish("news", "rain")
weather = eventlet.spawn(broker.subscribe, "news", 2)
broker.publish("sport", "1:0")
broker.publish("news", "sun")
print(weather.wait(), broker.subscribe("sport", 1))
