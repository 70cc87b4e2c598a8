# proves: a class or an instance that the Timeout was given is raised at the deadline
# api: eventlet.Timeout, eventlet.sleep
# tier: safe
# exit: 1
# errors: TooLate: last
import eventlet


class TooLate(Exception):
    pass


def wait_with_class(box):
    with eventlet.Timeout(0.05, TooLate):
        while not box:
            eventlet.sleep(60)


def wait_with_instance(box, text):
    with eventlet.Timeout(0.05, TooLate(text)):
        while not box:
            eventlet.sleep(60)


try:
    wait_with_class([])
except TooLate as error:
    print("class", error.args)
try:
    wait_with_instance([], "slow")
except TooLate as error:
    print("instance", error.args)
wait_with_class([1])
wait_with_instance([], "last")
