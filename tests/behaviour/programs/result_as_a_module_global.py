# proves: one function sets a global green thread, another waits for it
# api: eventlet.spawn, eventlet.greenthread.GreenThread.wait
# tier: review
import eventlet

_warm_up = None


def compile_templates(names):
    return {name: f"<{name}>" for name in names}


def start(names):
    global _warm_up
    _warm_up = eventlet.spawn(compile_templates, names)


def template(name):
    if _warm_up is None:
        return "not started"
    return _warm_up.wait()[name]


print(template("home"))
start(["home", "help"])
print(template("home"), template("help"))
