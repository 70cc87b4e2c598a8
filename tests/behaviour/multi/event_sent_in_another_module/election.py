import eventlet
from state import leader


def start(nodes):
    eventlet.spawn_n(vote, nodes)


def vote(nodes):
    leader.send(min(nodes))
