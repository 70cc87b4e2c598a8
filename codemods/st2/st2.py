"""StackStorm's wrappers of eventlet make way for what they wrap.

`concurrency.wait(thread)`, `cancel`, `kill` and their kin become methods of the object, which the
built-in rules follow; `concurrency.spawn`, `sleep` and `subprocess_popen` are declared to be
eventlet's.

    eventlet-codemod diff --codemod st2
    bowler run codemods/st2/st2.py -- PATH [--write]
    python codemods/st2/st2.py PATH [--write]
"""

import sys

from bowler import Query
from fissix.fixer_util import Name

from eventlet_codemod import Declared, refers_to, remark

CODE = "STTWO001"
ORDER = "before"
REQUIRES = ("concurrency",)
ASKS = "does this run with eventlet, the default of st2's set_concurrency_library()?"

CONCURRENCY = "st2common.util.concurrency"
METHODS = {
    "cancel": "cancel",
    "green_pool_wait_all": "waitall",
    "is_green_pool_free": "free",
    "kill": "kill",
    "wait": "wait",
}

declared = Declared(
    {
        f"{CONCURRENCY}.sleep": "eventlet.greenthread.sleep",
        f"{CONCURRENCY}.spawn": "eventlet.greenthread.spawn",
        f"{CONCURRENCY}.subprocess_popen": "eventlet.green.subprocess.Popen",
    }
)

BEFORE = """\
from st2common.util import concurrency


def stop(thread, pool):
    concurrency.kill(thread)
    concurrency.wait(pool.spawn(thread.run), 3)
"""
AFTER = """\
from st2common.util import concurrency


def stop(thread, pool):
    thread.kill()
    pool.spawn(thread.run).wait(3)
"""

SHAPE = "this function of st2's concurrency stays: its first argument is not a plain one"
CHOOSES = "st2's concurrency chooses between eventlet and gevent here"
NATIVE = {
    "get_green_pool_class": "use concurrent.futures.ThreadPoolExecutor",
    "get_greenlet_exit_exception_class": (
        "nothing kills a thread with an exception: let the work look at a threading.Event and "
        "return, and remove the clause that catches this"
    ),
    "get_subprocess_module": "import subprocess",
    "set_concurrency_library": "remove the call when nothing asks for the library any more",
    "get_concurrency_library": "remove the question when nothing asks for the library any more",
}


def to_method(node, capture, filename):
    """Make `f(x, *args)` into `x.f(*args)`."""
    arguments = capture["arguments"]
    given = arguments.children[1:-1]
    if len(given) == 1 and given[0].type == _type_of("arglist"):
        given = given[0].children
    first = given[0] if given else None
    plain = first is not None and (not first.children or first.type == _type_of("power"))
    if not plain or str(first).strip().startswith(("await ", "*")) or "\n" in first.prefix:
        remark(node, filename, SHAPE, "call the method of the object yourself")
        return
    method = METHODS[capture["name"].value]
    rest = "".join(str(part) for part in given[2:]).strip()
    text = f"{str(first).strip()}.{method}({rest})"
    position = node.children.index(arguments)
    for child in node.children[1 : position + 1]:
        child.remove()
    node.children[0].replace(Name(text, prefix=node.prefix))


def tell(node, capture, filename):
    """Tell of a function that has no method in its place."""
    remark(node, filename, CHOOSES, NATIVE[capture["name"].value])


def _type_of(name):
    from fissix.pygram import python_symbols

    return getattr(python_symbols, name)


def query(*paths):
    """Every use of the wrappers that is no plain name of eventlet's."""
    made = Query(*paths)
    for name in METHODS:
        made = (
            made.select(
                f"power< any+ trailer< '.' name='{name}' > arguments=trailer< '(' any* ')' > any* >"
            )
            .filter(refers_to(f"{CONCURRENCY}.{name}"))
            .modify(to_method)
        )
    for name in NATIVE:
        made = (
            made.select(f"power< any+ trailer< '.' name='{name}' > any* >")
            .filter(refers_to(f"{CONCURRENCY}.{name}"))
            .modify(tell)
        )
    return made


def main():
    """Run it by itself, as `bowler run` does."""
    paths = [word for word in sys.argv[1:] if not word.startswith("-")]
    done = query(*paths).execute(interactive=False, write="--write" in sys.argv, silent=False)
    raise SystemExit(done.retcode)


if __name__ == "__main__":
    main()
