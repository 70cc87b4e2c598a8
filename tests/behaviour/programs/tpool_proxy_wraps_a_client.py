# proves: an object behind a proxy does the same without it
# api: eventlet.tpool.Proxy
# tier: review
# settings: force=yes
from eventlet import tpool


class Library:
    """Stands for a client library that blocks in C."""

    def __init__(self, url):
        self.url = url
        self.calls = []

    def get(self, key, default=None):
        self.calls.append(key)
        return {"cpu": 4}.get(key, default)

    def fail(self):
        raise LookupError("no such domain")


class Driver:
    def __init__(self):
        self._client = tpool.Proxy(Library("qemu:///system"))

    def describe(self):
        return self._client.url, self._client.get("cpu"), self._client.get("gpu", default=0)


driver = Driver()
print(driver.describe())
print(driver._client.calls)
try:
    driver._client.fail()
except LookupError as exc:
    print("lookup failed:", exc)
