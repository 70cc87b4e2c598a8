# proves: a decorator whose wrapper gives green threads stays: who calls it is not seen
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: manual
# rewrite: none
import functools

import eventlet


def in_background(function):
    @functools.wraps(function)
    def start(*args, **kwargs):
        return eventlet.spawn(function, *args, **kwargs)

    return start


@in_background
def thumbnail(image, size=64):
    return f"{image}@{size}"


class Gallery:
    @in_background
    def title(self, name):
        return name.title()


print(thumbnail("cat").wait(), thumbnail("dog", size=128).wait())
print(Gallery().title("sea and sky").wait(), thumbnail.__name__)
