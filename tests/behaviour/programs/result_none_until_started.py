# proves: a handle that is None until it is needed is started once
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


class Catalogue:
    loads = 0

    def __init__(self):
        self._loading = None

    def _load(self):
        Catalogue.loads += 1
        return ["spade", "rake"]

    def items(self):
        if self._loading is None:
            self._loading = eventlet.spawn(self._load)
        return self._loading.wait()

    def forget(self):
        if self._loading is not None:
            self._loading.wait()
            self._loading = None


catalogue = Catalogue()
catalogue.forget()
print(catalogue.items(), catalogue.items(), Catalogue.loads)
catalogue.forget()
print(catalogue.items(), Catalogue.loads)
