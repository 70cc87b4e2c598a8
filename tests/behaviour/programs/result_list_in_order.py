# proves: results come in the order of the list, not in the order in which they are ready
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

HOSTS = ["db1", "db2", "db3"]
gates = {host: queue.Queue() for host in HOSTS}
finished = queue.Queue()


def probe(host):
    latency = gates[host].get()
    finished.put(host)
    return f"{host}: {latency} ms"


probes = [eventlet.spawn(probe, host) for host in HOSTS]
for latency, host in enumerate(reversed(HOSTS), 1):
    gates[host].put(latency)
    print("done:", finished.get())
print([task.wait() for task in probes])
