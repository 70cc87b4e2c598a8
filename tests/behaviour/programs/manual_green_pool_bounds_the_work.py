# proves: a pool stays, while other uses in the patched file may go ahead
# api: eventlet.GreenPool
# tier: manual
# rewrite: partial
# keeps: eventlet.GreenPool(2)
import eventlet

eventlet.monkey_patch()

active, most = [], []


def fetch(url):
    active.append(url)
    most.append(len(active))
    eventlet.sleep(0.005)
    active.remove(url)
    return len(url)


pool = eventlet.GreenPool(2)
print(list(pool.imap(fetch, ["/a", "/bb", "/ccc", "/dddd"])))
print("never more than two:", max(most) <= 2, "free again:", pool.sem.balance)
