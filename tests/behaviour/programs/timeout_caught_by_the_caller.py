# proves: a Timeout that flies is caught by the clauses that named it, alone and beside others
# api: eventlet.Timeout, eventlet.sleep
# tier: review
import eventlet


def wait(box):
    with eventlet.Timeout(0.05):
        while not box:
            eventlet.sleep(60)


def give_up():
    raise eventlet.Timeout()


def attempt(work, *args):
    try:
        work(*args)
    except KeyError:
        return "key"
    except eventlet.Timeout as error:
        return f"timeout {error}"
    return "fine"


def attempt_all(work, *args):
    try:
        work(*args)
    except (Exception, eventlet.Timeout) as error:
        return isinstance(error, eventlet.Timeout)
    return "fine"


print(attempt(wait, []), attempt(wait, [1]), attempt({}.pop, 1), attempt(give_up), sep=" | ")
print(attempt_all(wait, []), attempt_all(wait, [1]), attempt_all({}.pop, 1))
