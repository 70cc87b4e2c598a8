# proves: an error before the wait ended the program at once; an executor's thread holds up the exit
# api: eventlet.spawn, wait
# tier: review
# exit: 1
# errors: ValueError: no port
# differs: C-LIFE (native)
# then-exit: 1
# then-errors: ValueError: no port
# then-stdout:
#   | started
#   | the worker has ended
import eventlet


def work():
    eventlet.sleep(0.3)
    print("the worker has ended")


def listen():
    raise ValueError("no port")


def main():
    worker = eventlet.spawn(work)
    print("started", flush=True)
    listen()
    worker.wait()


main()
