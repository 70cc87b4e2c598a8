# proves: list, sum, dict and unpacking take the results out of a pile
# api: eventlet.GreenPile, eventlet.GreenPile.spawn
# tier: review
import eventlet

STOCK = {"nail": 100, "screw": 40, "bolt": 7}


def stock(item):
    return STOCK[item]


def ask(items):
    pile = eventlet.GreenPile(2)
    for item in items:
        pile.spawn(stock, item)
    return pile


print(list(ask(STOCK)), sum(ask(STOCK)))
print(dict(zip(STOCK, ask(STOCK))))
nails, screws = ask(["nail", "screw"])
print(nails, screws, list(ask([])))
