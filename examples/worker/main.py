"""Start the thumbnail service, hand it some pictures, and print what it made of them."""

import eventlet

eventlet.monkey_patch()

import sys

from service import Service


def main(names):
    service = Service(workers=3, limit=2)
    service.start()
    service.wait_until_ready()
    for name in names:
        service.submit(name)
    service.drain()
    for name, size in sorted(service.results.items()):
        print(f"{name}: {size} bytes")
    print(f"never more than {service.limit} at once: {service.most_at_once <= service.limit}")
    print(f"checksum by a child process: {service.checksum()}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["cat.png", "dog.png", "eel.png", "fox.png", "gnu.png"])
