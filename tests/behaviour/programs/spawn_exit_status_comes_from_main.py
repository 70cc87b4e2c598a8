# proves: sys.exit in main gives the status, at once, whatever the children do
# api: eventlet.spawn_n, eventlet.sleep, eventlet.event.Event
# tier: review
# exit: 4
import sys

import eventlet
from eventlet import event

ready = event.Event()


def serve():
    ready.send()
    while True:
        eventlet.sleep(60)


def main():
    eventlet.spawn_n(serve)
    ready.wait()
    print("served for a while")
    return 4


sys.exit(main())
