# proves: another module reaches the pool and the events of an object through the instance
# api: eventlet.GreenPool, eventlet.event.Event, eventlet.GreenPool.spawn_n
# tier: review
# settings: helpers=background
from client import Client, ask
from server import Server

server = Server()
first, second = ask(server, "ping"), Client(server).ask("hello")
print(first.wait(), second.wait())
server.pool.waitall()
print(server.pool.running(), server.handled)
