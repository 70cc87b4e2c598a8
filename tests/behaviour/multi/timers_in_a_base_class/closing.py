class Closing:
    def close(self):
        self._timer.cancel()
        print("closed", self.name)
