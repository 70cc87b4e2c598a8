# proves: a generator starts green threads as they are asked for
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet


def render(page):
    return f"<{page}>"


def renderings(pages):
    for page in pages:
        print("start", page)
        yield eventlet.spawn(render, page)


for task in renderings(["index", "about"]):
    print(task.wait())
tasks = list(renderings(["faq", "jobs"]))
print("".join(task.wait() for task in tasks))
