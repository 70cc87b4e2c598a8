# proves: a patched service of several primitives runs alike without the patching
# api: eventlet.monkey_patch, eventlet.spawn, eventlet.queue.Queue, eventlet.event.Event
# tier: review
# settings: force=yes
import eventlet

eventlet.monkey_patch(socket=True, thread=True, time=True)

import socket
import time

from eventlet import event, queue

inbox = queue.Queue()
listening = event.Event()


def listen(sock):
    sock.settimeout(10)
    listening.send()
    while True:
        data, peer = sock.recvfrom(1024)
        inbox.put(data.decode())
        sock.sendto(b"ack", peer)


server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
eventlet.spawn(listen, server)
listening.wait()
client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for text in ("temperature=21", "humidity=40"):
    client.sendto(text.encode(), server.getsockname())
    print(client.recv(10), inbox.get(timeout=10))
    time.sleep(0.001)
