# proves: pages are fetched side by side and read in the order of their addresses
# api: eventlet.GreenPool.imap, eventlet.green.urllib.request, eventlet.green.socket, eventlet.spawn
# tier: review
import eventlet
from eventlet.green import socket
from eventlet.green.urllib import request

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\n"


def serve(site):
    while True:
        connection, _ = site.accept()
        asked = connection.recv(4096).split()[1]
        connection.sendall(REPLY + asked)
        connection.close()


def fetch(url):
    return request.urlopen(url).read()


site = socket.socket()
site.bind(("127.0.0.1", 0))
site.listen(5)
eventlet.spawn(serve, site)
root = "http://%s:%d" % site.getsockname()
urls = [f"{root}/{name}" for name in ("one", "two", "six")]
pool = eventlet.GreenPool()
for body in pool.imap(fetch, urls):
    print(body.decode())
