# proves: a pool of one module is filled in another and waited for in a third
# api: eventlet.GreenPool, eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
# settings: helpers=background
import jobs
from pool import POOL, drain

jobs.send(["ann", "bob", "cem"])
drain()
print(sorted(jobs.SENT))
print(jobs.count("bob").wait(), POOL.spawn(len, jobs.SENT).wait())
