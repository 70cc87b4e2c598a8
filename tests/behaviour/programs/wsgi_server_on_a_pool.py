# proves: a pool that a server gets is one of threads with it, for the other tasks in it, too
# api: eventlet.monkey_patch, eventlet.wsgi.server, eventlet.listen, eventlet.GreenPool
# tier: review
# settings: force=yes; helpers=concurrency
import eventlet

eventlet.monkey_patch()

import http.client
import os
import socket

import eventlet.wsgi


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.input"].read().swapcase()]


def client(sock):
    connection = http.client.HTTPConnection(*sock.getsockname())
    for text in ("Hello", "World"):
        connection.request("POST", "/", text.encode())
        print(connection.getresponse().read())
    connection.close()
    sock.shutdown(socket.SHUT_RDWR)


class Server:
    def __init__(self):
        self.pool = eventlet.GreenPool(size=10)
        self.sock = eventlet.listen(("127.0.0.1", 0))

    def run(self, log):
        self.pool.spawn_n(client, self.sock)
        try:
            eventlet.wsgi.server(self.sock, application, log=log, custom_pool=self.pool)
        except OSError:
            pass
        print("the server has ended")
        self.pool.waitall()


with open(os.devnull, "w") as log:
    Server().run(log)
print("all has ended")
