# proves: a pool that another file resizes stays, with all that is done to it
# api: eventlet.GreenPool
# tier: manual
# rewrite: none
import eventlet
from tuning import apply

pool = eventlet.GreenPool(1)
done = []
apply(pool, {"workers": 3})
for number in range(3):
    pool.spawn_n(done.append, number)
pool.waitall()
print(sorted(done), pool.free())
