# proves: http.client is the standard one under each of its green names
# api: eventlet.green.http.client, eventlet.green.httplib, eventlet.green.socket, eventlet.spawn
# tier: review
import eventlet
from eventlet.green import httplib, socket
from eventlet.green.http import client

REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"


def answer(listener):
    while True:
        connection, _ = listener.accept()
        while b"\r\n\r\n" not in connection.recv(4096):
            pass
        connection.sendall(REPLY)
        connection.close()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(5)
eventlet.spawn(answer, listener)
for module in (client, httplib):
    http = module.HTTPConnection(*listener.getsockname())
    http.request("GET", "/")
    response = http.getresponse()
    print(response.status, response.reason, response.read())
    http.close()
