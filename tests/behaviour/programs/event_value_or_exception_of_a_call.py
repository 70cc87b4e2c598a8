# proves: an event that raises in its waiter is a Future
# api: eventlet.event.Event
# tier: review
import eventlet

eventlet.monkey_patch()

from eventlet import event


def call(service):
    reply = event.Event()

    def run():
        try:
            reply.send(service())
        except Exception as exc:
            reply.send_exception(exc)

    eventlet.spawn_n(run)
    return reply.wait()


print(call(lambda: "pong"))
try:
    call(lambda: {}["missing"])
except KeyError as exc:
    print("remote error", exc)
