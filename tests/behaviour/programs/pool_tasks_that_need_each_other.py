# proves: as many tasks as the pool is large run side by side
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue

ping, pong = queue.Queue(), queue.Queue()


def serve(rounds):
    for _ in range(rounds):
        pong.put(ping.get() + 1)
    return "served"


def play(rounds):
    ball = 0
    for _ in range(rounds):
        ping.put(ball)
        ball = pong.get()
    return ball


pool = eventlet.GreenPool(2)
server = pool.spawn(serve, 3)
player = pool.spawn(play, 3)
print(player.wait(), server.wait())
