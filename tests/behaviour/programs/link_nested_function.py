# proves: a function inside a function is linked and starts the next step
# api: eventlet.spawn, eventlet.queue.Queue, eventlet.greenthread.GreenThread.link, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet
from eventlet import queue


def fetch(page):
    return {1: "one", 2: "two", 3: None}[page]


def crawl(found):
    def next_page(task, page):
        text = task.wait()
        found.put(text)
        if text is not None:
            start(page + 1)

    def start(page):
        task = eventlet.spawn(fetch, page)
        task.link(next_page, page)

    start(1)


pages = queue.Queue()
crawl(pages)
print(list(iter(pages.get, None)))
