# proves: a subclass that calls what it overrides stays
# api: eventlet.queue.Queue
# tier: manual
# rewrite: none
from eventlet import queue


class Counted(queue.Queue):
    taken = 0

    def _put(self, item):
        self.taken += 1
        super()._put(item)


parcels = Counted()
for parcel in ("book", "lamp"):
    parcels.put(parcel)
print(parcels.taken, parcels.get(), parcels.get())
