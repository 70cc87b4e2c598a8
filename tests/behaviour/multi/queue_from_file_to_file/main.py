# proves: queues are made in one file and given to workers in others
# api: eventlet.queue.Queue, eventlet.spawn
# tier: review
import eventlet
from consumer import Consumer
from eventlet import queue
from producer import produce

orders = queue.Queue(2)
receipts = queue.Queue()
consumer = Consumer(orders, receipts)
eventlet.spawn(consumer.run)
eventlet.spawn(produce, orders, ["tea", "cake", "soup"])
print(list(iter(receipts.get, None)), orders.qsize())
