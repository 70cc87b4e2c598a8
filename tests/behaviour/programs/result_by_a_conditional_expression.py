# proves: a green thread or None, by an expression, and compared with None
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet

CACHE = {"/": "cached home"}


def render(path):
    return f"fresh {path}"


def get(path):
    task = None if path in CACHE else eventlet.spawn(render, path)
    if task is None:
        return CACHE[path]
    return task.wait()


def get_short(path):
    task = eventlet.spawn(render, path) if path not in CACHE else None
    return task.wait() if task is not None else CACHE[path]


print(get("/"), "|", get("/about"))
print(get_short("/"), "|", get_short("/faq"))
