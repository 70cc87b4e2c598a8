class Consumer:
    def __init__(self, source, receipts):
        self.source = source
        self._receipts = receipts

    def run(self):
        while True:
            order = self.source.get()
            if order is None:
                self._receipts.put(None)
                return
            self._receipts.put("order {} is {}".format(*order))
