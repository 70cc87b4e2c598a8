# proves: spawn as a value of a table stays
# api: eventlet.spawn
# tier: manual
# rewrite: none
import eventlet


def inline(function, *args):
    return function(*args)


MODES = {"inline": inline, "background": eventlet.spawn}


def run(mode, function, *args):
    started = MODES[mode](function, *args)
    return started.wait() if hasattr(started, "wait") else started


print(run("inline", len, "abc"), run("background", len, "abcd"))
