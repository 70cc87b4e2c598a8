# proves: imap reads its source as results are taken; a source without an end stays
# api: eventlet.GreenPool.imap
# tier: manual
# rewrite: none
import itertools

import eventlet

read = []


def numbers():
    for number in itertools.count():
        read.append(number)
        yield number


pool = eventlet.GreenPool(2)
for square in pool.imap(lambda n: n * n, numbers()):
    if square > 20:
        break
print(square, len(read) < 20)
