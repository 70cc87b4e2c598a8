# proves: an event that carries one value after the other by reset is a new Future each time
# api: eventlet.event.Event, eventlet.event.Event.reset
# tier: review
from eventlet import event

price = event.Event()
history = []
for value in (10, 12, 11):
    if price.ready():
        price.reset()
    price.send(value)
    history.append(price.wait())
print(history)
