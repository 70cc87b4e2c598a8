# proves: imap takes several inputs and ends with the shortest
# api: eventlet.GreenPool, eventlet.GreenPool.imap
# tier: review
import eventlet


def line(item, amount):
    return f"{amount} x {item}"


pool = eventlet.GreenPool(2)
print(list(pool.imap(line, ["tea", "cake", "soup"], [2, 1, 3, 7])))
print(sorted(pool.imap(len, ("a", "bbb", "cc"))), sum(pool.imap(abs, range(-4, 3))))
print({word: size for word, size in zip("xyz", pool.imap(ord, "xyz"))})
print(list(pool.imap(len, [])))
