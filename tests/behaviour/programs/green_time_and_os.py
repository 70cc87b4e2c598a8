# proves: green time and os become the modules they stand for
# api: eventlet.green.time, eventlet.green.os
# tier: review
from eventlet.green import os, time
from eventlet.green.time import sleep as settle


def through_a_pipe(data):
    source, sink = os.pipe()
    try:
        os.write(sink, data)
        return os.read(source, 1024)
    finally:
        os.close(source)
        os.close(sink)


start = time.monotonic()
time.sleep(0.005)
settle(0.005)
print(time.monotonic() - start >= 0.009)
print(through_a_pipe(b"water"), os.getpid() > 0)
print(time.strftime("%Y-%m-%d", time.gmtime(0)))
