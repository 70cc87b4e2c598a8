# proves: an event that is reset while others hold it stays
# api: eventlet.event.Event, eventlet.event.Event.reset
# tier: manual
# rewrite: none
from eventlet import event


class Feed:
    def __init__(self, price):
        self.price = price

    def publish(self, value):
        if self.price.ready():
            self.price.reset()
        self.price.send(value)


price = event.Event()
feed = Feed(price)
for value in (10, 12, 11):
    feed.publish(value)
    print(price.wait())
