# proves: what asked whether an object is a Proxy, and patched the class, goes with the proxies
# api: eventlet.tpool.Proxy
# tier: review
# settings: force=yes
from eventlet import tpool


class Client:
    def __init__(self, name):
        self.name = name

    def fetch(self, key):
        return f"{key} from {self.name}"


def patch_proxy():
    def text(self):
        return f"<proxy of {self._obj.name}>"

    tpool.Proxy.__repr__ = text


def bare(client):
    return client._obj if isinstance(client, tpool.Proxy) else client


def connect(name):
    client = tpool.Proxy(Client(name))
    assert isinstance(client, tpool.Proxy), "calls would block"
    return client


patch_proxy()
pair = [connect("east"), Client("west")]
for client in pair:
    print(client.fetch("token"), type(bare(client)).__name__)
