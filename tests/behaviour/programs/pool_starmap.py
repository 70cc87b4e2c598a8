# proves: starmap takes each tuple apart
# api: eventlet.GreenPool, eventlet.GreenPool.starmap
# tier: review
import eventlet


def transfer(source, target, amount=0):
    return f"{source} -> {target}: {amount}"


orders = [("ann", "bob", 5), ("bob", "cem"), ("cem", "ann", 1)]
pool = eventlet.GreenPool(2)
for receipt in pool.starmap(transfer, orders):
    print(receipt)
print(list(eventlet.GreenPool(3).starmap(pow, [(2, 5), (3, 2), (10, 3)])))
