"""neutron's utils.spawn_n starts a thread, and utils.spawn becomes utils.spawn_n.

Neutron did both: `neutron.common.utils.spawn_n` starts a thread with the profiler of the caller
(725d222ddd), and `spawn` is gone (777d582a37). In neutron itself the wrapper is rewritten; there
and in plugins so are the calls. `neutron.common.eventlet_utils.monkey_patch` is declared to be
eventlet's own, so the built-in rules see what patches a plugin's tests and commands.

    eventlet-codemod diff --codemod neutron_wrappers
    bowler run codemods/neutron_wrappers/neutron_wrappers.py -- PATH [--write]
    python codemods/neutron_wrappers/neutron_wrappers.py PATH [--write]
"""

import re
import sys

from bowler import Query
from fissix.fixer_util import Name

from eventlet_codemod import Declared, refers_to, remark

CODE = "NEUTRONWRAP001"
ORDER = "before"
REQUIRES = ("utils.spawn", "spawn_n", "common.utils import")
ASKS = (
    "is what runs in this thread safe beside other threads, and does no test still patch "
    "eventlet.spawn_n or utils.spawn to hold it up?"
)

declared = Declared({"neutron.common.eventlet_utils.monkey_patch": "eventlet.monkey_patch"})

BEFORE = """\
from neutron.common import utils


def notify(events):
    utils.spawn(send, events)
"""
AFTER = """\
from neutron.common import utils


def notify(events):
    utils.spawn_n(send, events)
"""

RESULT = "the green thread that neutron.common.utils.spawn gives is used"
HANDED_ON = "neutron.common.utils.spawn is handed on"
IMPORTED = "neutron.common.utils.spawn is imported by itself"
NO_THREADING = "utils.spawn_n can start a thread, but this file does not import threading"

FUTURE = (
    "neutron has removed `spawn` (777d582a37). Submit the work to a "
    "`concurrent.futures.ThreadPoolExecutor`, whose Future has `.result()` for `.wait()`; nothing "
    "stops work that has begun, so what was killed needs an event that it looks at"
)
GONE = "neutron has removed `spawn` (777d582a37): hand on `utils.spawn_n`, or start a thread"

THREAD = """\
_thread = threading.Thread({line}target={target}, args=args, kwargs=kwargs, daemon=True)
{indent}_thread.start()
{indent}return _thread"""


def rename(node, capture, filename):
    """Rename a call that is a statement; tell of every other use."""
    member = capture["member"]
    called = member.next_sibling is not None and str(member.next_sibling).strip().startswith("(")
    if not called:
        remark(node, filename, HANDED_ON, GONE)
    elif member.next_sibling.next_sibling is not None or not _is_statement(node):
        remark(node, filename, RESULT, FUTURE)
    else:
        leaf = capture["name"]
        leaf.replace(Name("spawn_n", prefix=leaf.prefix))
        _align(member.next_sibling)


def tell_import(node, capture, filename):
    """A name that is imported stands in more places than this pattern sees."""
    if any(leaf.value == "spawn" for leaf in node.leaves()):
        remark(node, filename, IMPORTED, GONE)


def start_thread(node, capture, filename):
    """Let neutron's own spawn_n start a thread. It is a daemon, as a green thread was."""
    function = node.parent
    while function is not None and function.type != _type_of("funcdef"):
        function = function.parent
    if not re.search(r"(^|/)neutron/common/utils\.py$", filename) or function is None:
        return
    if function.children[1].value != "spawn_n" or function.parent.type != _type_of("file_input"):
        return
    if not any(_imports_threading(line) for line in str(function.parent).split("\n")):
        remark(node, filename, NO_THREADING, "import threading at the top of the file")
        return
    indent = " " * node.children[0].column
    line = f"\n{indent}    "
    text = THREAD.format(line=line, indent=indent, target=str(capture["target"]).strip())
    node.replace(Name(text, prefix=node.prefix))


def _imports_threading(line):
    return line.strip() == "import threading"


def _is_statement(node):
    return node.parent.type == _type_of("simple_stmt")


def _align(arguments):
    """Move the lines below with the parenthesis, where they were aligned with it."""
    if "\n" not in arguments.children[1].prefix:
        for leaf in arguments.leaves():
            leaf.prefix = re.sub(r"\n( +)(?=\S|$)", r"\n\1  ", leaf.prefix)


def _type_of(name):
    from fissix.pygram import python_symbols

    return getattr(python_symbols, name)


def query(*paths):
    """Neutron's wrapper, and every use of it."""
    return (
        Query(*paths)
        .select("power< any+ member=trailer< '.' name='spawn' > any* >")
        .filter(refers_to("neutron.common.utils.spawn"))
        .modify(rename)
        .select(
            "import_from< 'from' dotted_name< 'neutron' '.' 'common' '.' 'utils' > 'import' any* >"
        )
        .modify(tell_import)
        .select(
            "return_stmt< 'return' power< 'eventlet' trailer< '.' 'spawn_n' >"
            " trailer< '(' arglist< target=NAME ',' argument< '*' 'args' > ','"
            " argument< '**' 'kwargs' > > ')' > > >"
        )
        .modify(start_thread)
    )


def main():
    """Run it by itself, as `bowler run` does."""
    paths = [word for word in sys.argv[1:] if not word.startswith("-")]
    done = query(*paths).execute(interactive=False, write="--write" in sys.argv, silent=False)
    raise SystemExit(done.retcode)


if __name__ == "__main__":
    main()
