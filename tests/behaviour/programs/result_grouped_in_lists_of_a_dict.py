# proves: green threads in the lists of a dict give their results by group
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet

SERVERS = [("eu", "web1"), ("us", "web2"), ("eu", "db1"), ("us", "db2"), ("ap", "web3")]


def ping(server):
    return server.upper()


by_region = {}
for region, server in SERVERS:
    by_region.setdefault(region, []).append(eventlet.spawn(ping, server))
for region in sorted(by_region):
    print(region, [task.wait() for task in by_region[region]])
print(sum(len(tasks) for tasks in by_region.values()))
