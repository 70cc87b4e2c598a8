# proves: the results of a pile that are there in time are taken, and the rest is left
# api: eventlet.GreenPile, eventlet.Timeout
# tier: review
# settings: helpers=background
import threading

import eventlet

go_on = threading.Event()


def work(name):
    if name == "slow":
        while not go_on.is_set():
            eventlet.sleep(0.01)
    return name.upper()


def take(names, limit):
    pile = eventlet.GreenPile(3)
    for name in names:
        pile.spawn(work, name)
    results = []
    with eventlet.Timeout(limit, False):
        for result in pile:
            results.append(result)
    return results


def take_all(names, limit):
    pile = eventlet.GreenPile(3)
    for name in names:
        pile.spawn(work, name)
    try:
        with eventlet.Timeout(limit):
            return sorted(pile)
    except eventlet.Timeout as error:
        return f"late: {error}"


print(take(["b", "a"], 5), take(["a", "slow", "b"], 0.1))
print(take_all(["b", "a"], 5), take_all(["a", "slow"], 0.1), sep=" | ")
go_on.set()
