# proves: imap gives results in the order of its input, whatever is ready first
# api: eventlet.GreenPool, eventlet.queue.Queue, eventlet.GreenPool.imap
# tier: review
import eventlet
from eventlet import queue

turn = {"c": queue.Queue(), "b": queue.Queue()}


def render(page):
    if page in turn:
        turn[page].get()
    if page == "c":
        turn["b"].put("go")
    if page == "d":
        turn["c"].put("go")
    return f"<{page}>"


pool = eventlet.GreenPool(4)
for html in pool.imap(render, ["a", "b", "c", "d"]):
    print(html)
