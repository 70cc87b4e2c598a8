# proves: what was started is waited for where an error ends the batch
# api: eventlet.GreenPool.spawn_n, eventlet.GreenPool.waitall
# tier: review
import eventlet

packed = []


def pack(parcel):
    eventlet.sleep(0.002)
    packed.append(parcel)


def pack_all(parcels):
    pool = eventlet.GreenPool(2)
    try:
        for parcel in parcels:
            if parcel is None:
                raise ValueError("an empty parcel")
            pool.spawn_n(pack, parcel)
    finally:
        pool.waitall()


try:
    pack_all(["a", "b", None, "c"])
except ValueError as exc:
    print("stopped:", exc)
print(sorted(packed))
