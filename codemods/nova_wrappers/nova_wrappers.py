"""nova's utils.spawn_n becomes utils.spawn.

Both run the work on nova's pool with the context of the caller, and nova itself has dropped
`spawn_n`. Patches of it in tests follow. What the wrapper hides from the built-in rules is told:
where the green thread that `utils.spawn` gives is used.

    eventlet-codemod diff --codemod nova_wrappers
    bowler run codemods/nova_wrappers/nova_wrappers.py -- nova [--write]
    python codemods/nova_wrappers/nova_wrappers.py nova [--write]
"""

import re
import sys

from bowler import Query
from fissix.fixer_util import Name, String

from eventlet_codemod import refers_to, remark

CODE = "NOVAWRAP001"
ORDER = "before"
REQUIRES = ("spawn_n", "utils.spawn", "nova.utils import")
ASKS = (
    "does a test patch the other of the two? Where the pool is full and the work is started from "
    "inside of it, spawn raises what the work raises, and spawn_n only printed it"
)

BEFORE = """\
from nova import utils


def index(nodes):
    utils.spawn_n(fetch, nodes)
"""
AFTER = """\
from nova import utils


def index(nodes):
    utils.spawn(fetch, nodes)
"""

HANDED_ON = "nova.utils.spawn_n is handed on, or what it gives is used"
FROM_IMPORT = "a wrapper of nova.utils is imported by itself"
BOTH = "this file patches nova.utils.spawn as well"
ANOTHER_NAME = "this may patch nova.utils.spawn_n by another name"
RESULT = "the green thread that nova.utils.spawn gives is used"

TO_SPAWN = "use `utils.spawn`, which gives a green thread where spawn_n gave nothing to wait for"
ONE_PATCH = (
    "no code calls `spawn_n` any more: see that one patch of `nova.utils.spawn` does for both"
)
FUTURE = (
    "when nova's pool is an executor this is a Future: `.wait()` is `.result()`, `.link(f, x)` is "
    "`.add_done_callback(lambda future: f(future, x))`, `.cancel()` holds back only what has not "
    "begun, and there is no `.kill()`. nova did it in d90e7726c0"
)

_SPAWN_N = refers_to("nova.utils.spawn_n")
_UTILS = refers_to("nova.utils")


def rename(node, capture, filename):
    """Rename a call that is a statement; tell of every other use."""
    if _is_called_alone(node, capture["member"]):
        leaf = capture["name"]
        leaf.replace(Name("spawn", prefix=leaf.prefix))
        _align(capture["member"].next_sibling)
    else:
        remark(node, filename, HANDED_ON, TO_SPAWN)


def tell_import(node, capture, filename):
    """A name that is imported stands in more places than this pattern sees."""
    if any(leaf.value in ("spawn", "spawn_n") for leaf in node.leaves()):
        remark(node, filename, FROM_IMPORT, "import the module: `from nova import utils`")


def tell_result(node, capture, filename):
    """A green thread that somebody has a use for."""
    if _is_called(node, capture["member"]) and not _is_called_alone(node, capture["member"]):
        remark(node, filename, RESULT, FUTURE)


def follow_string(node, capture, filename):
    """Patches by a string: `mock.patch`, `MonkeyPatch`, `stub_out`."""
    text = node.value[1:-1]
    if not re.fullmatch(r"nova(\.\w+)*\.utils\.spawn_n", text) or not _is_first_argument(node):
        return
    if text != "nova.utils.spawn_n":
        remark(node, filename, ANOTHER_NAME, TO_SPAWN)
    elif _patches_both(node):
        remark(node, filename, BOTH, ONE_PATCH)
    else:
        node.replace(String(node.value.replace("spawn_n", "spawn"), prefix=node.prefix))


def follow_object(node, capture, filename):
    """Patches of an attribute: `mock.patch.object(utils, 'spawn_n')`."""
    target, name = capture["target"], capture["attribute"]
    named = name.value[1:-1] == "spawn_n" and str(target).strip().endswith("utils")
    if named and _UTILS(target, capture, filename):
        name.replace(String(name.value.replace("spawn_n", "spawn"), prefix=name.prefix))


def _is_called(node, member):
    after = member.next_sibling
    return after is not None and str(after).strip().startswith("(")


def _is_called_alone(node, member):
    last = _is_called(node, member) and member.next_sibling.next_sibling is None
    return last and node.parent.type == _type_of("simple_stmt")


def _align(arguments):
    """Move the lines below with the parenthesis, where they were aligned with it."""
    if "\n" in arguments.children[1].prefix:
        return
    for leaf in arguments.leaves():
        leaf.prefix = re.sub(r"\n( +)  (?=\S|$)", r"\n\1", leaf.prefix)


def _is_first_argument(node):
    around = node.parent
    if around.type == _type_of("arglist"):
        if node.prev_sibling is not None:
            return False
        around = around.parent
    return around.type in (_type_of("trailer"), _type_of("decorator"))


def _patches_both(node):
    """Whether the file names `nova.utils.spawn` in a string, before anything was renamed."""
    root = node
    while root.parent is not None:
        root = root.parent
    if not hasattr(root, "patches_both"):
        root.patches_both = any(leaf.value[1:-1] == "nova.utils.spawn" for leaf in root.leaves())
    return root.patches_both


def _type_of(name):
    from fissix.pygram import python_symbols

    return getattr(python_symbols, name)


def query(*paths):
    """Every use of nova's wrappers."""
    return (
        Query(*paths)
        .select("power< any+ member=trailer< '.' name='spawn_n' > any* >")
        .filter(_SPAWN_N)
        .modify(rename)
        .select("import_from< 'from' module=dotted_name< 'nova' '.' 'utils' > 'import' any* >")
        .modify(tell_import)
        .select("power< any+ member=trailer< '.' 'spawn' > any* >")
        .filter(refers_to("nova.utils.spawn"))
        .modify(tell_result)
        .select("STRING")
        .modify(follow_string)
        .select("trailer< '(' arglist< target=any ',' attribute=STRING any* > ')' >")
        .modify(follow_object)
        .select("decorator< '@' any '(' arglist< target=any ',' attribute=STRING any* > ')' any* >")
        .modify(follow_object)
    )


def main():
    """Run it by itself, as `bowler run` does."""
    paths = [word for word in sys.argv[1:] if not word.startswith("-")]
    done = query(*paths).execute(interactive=False, write="--write" in sys.argv, silent=False)
    raise SystemExit(done.retcode)


if __name__ == "__main__":
    main()
