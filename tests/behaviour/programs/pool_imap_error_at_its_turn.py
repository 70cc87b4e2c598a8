# proves: an error comes when its turn has come, after the results before it
# api: eventlet.GreenPool, eventlet.GreenPool.imap
# tier: review
# errors: ValueError: page 3 is empty
# differs: C-EXC (native, patched)
# then-errors:
import eventlet


def count_words(page):
    if page == 3:
        raise ValueError("page 3 is empty")
    return page * 100


counts = []
try:
    for count in eventlet.GreenPool(2).imap(count_words, [1, 2, 3, 4]):
        counts.append(count)
except ValueError as exc:
    print("stopped:", exc)
print(counts)
