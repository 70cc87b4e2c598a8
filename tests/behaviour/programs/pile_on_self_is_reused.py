# proves: a pile kept by an object takes a second batch after the first was taken out
# api: eventlet.GreenPile, eventlet.GreenPile.spawn
# tier: manual
# rewrite: none
import eventlet


class Cluster:
    def __init__(self, nodes):
        self.nodes = nodes
        self._pile = eventlet.GreenPile()

    def _ask(self, node, question):
        return f"{node}: {question}?"

    def broadcast(self, question):
        for node in self.nodes:
            self._pile.spawn(self._ask, node, question)
        return list(self._pile)


cluster = Cluster(["n1", "n2", "n3"])
print(cluster.broadcast("up"))
print(cluster.broadcast("load"))
