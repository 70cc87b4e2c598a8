"""eventlet.sleep is time.sleep in files that only Python 2 can read.

The built-in rules cannot parse such a file, and report it as failed. This does little: where
`import eventlet` stands at the top, and nothing else gives that name or `time` another meaning, its
sleep becomes that of `time`. All else that the file takes from eventlet is told.

    eventlet-codemod diff --codemod python2

Stock Bowler reads no Python 2, so this has no use there.
"""

from bowler import Query
from fissix.fixer_util import Name, Number

from eventlet_codemod import remark

CODE = "PYTWO001"
ORDER = "before"
REQUIRES = ("eventlet",)
PYTHON2 = True
ASKS = (
    "is `time` patched wherever this runs, or does no green thread run beside it? No rule has "
    "looked at this file"
)

BEFORE = """\
import eventlet


def nap(seconds):
    print "zzz"
    eventlet.sleep(seconds)
"""
AFTER = """\
import time


def nap(seconds):
    print "zzz"
    time.sleep(seconds)
"""

IMPORT = "simple_stmt< import_name< 'import' 'eventlet' > any >"
FROM = "import_from< 'from' any+ > | import_name< 'import' any+ >"

OTHER = "what this file takes from eventlet is known to no rule: it is Python 2"
BOUND = "`{}` may mean something else in this file, so its sleeps stay"
ADVICE = "take the file to Python 3 first, then run again; or rewrite it by hand"


def rewrite(node, capture, filename):
    """Rewrite the sleeps of a file that imports eventlet plainly, and tell of all else."""
    if node.parent is None or node.parent.type != _type_of("file_input"):
        remark(node, filename, BOUND.format("eventlet"), ADVICE)
        return
    names = [leaf for leaf in node.parent.leaves() if leaf.value == "eventlet"]
    names = [leaf for leaf in names if leaf.parent is not node.children[0]]
    times = [leaf for leaf in node.parent.leaves() if leaf.value == "time"]
    imported = [leaf for leaf in times if _statement(leaf) == "import time"]
    for word, leaves in (("eventlet", names), ("time", [t for t in times if t not in imported])):
        odd = next((leaf for leaf in leaves if not _is_module(leaf)), None)
        if odd is not None:
            remark(odd, filename, BOUND.format(word), ADVICE)
            return
    left = [leaf for leaf in names if not _to_time(leaf)]
    for leaf in left:
        remark(leaf, filename, OTHER, ADVICE)
    if len(left) == len(names):
        return
    if left and not imported:
        below = node.clone()
        below.prefix = ""
        node.parent.insert_child(node.parent.children.index(node) + 1, below)
    if not imported:
        name = node.children[0].children[1]
        name.replace(Name("time", prefix=name.prefix))
    elif not left:
        following = node.next_sibling
        if following is not None and node.prefix.strip():  # a comment that stands above
            following.prefix = node.prefix + following.prefix
        node.remove()


def tell(node, capture, filename):
    """An import of another form: nothing that it binds is known."""
    words = [leaf.value for leaf in node.leaves()]
    plain = words == ["import", "eventlet"]
    if words[1] == "eventlet" and not plain:
        remark(node, filename, OTHER, ADVICE)


def _to_time(leaf):
    """Whether a name was that of a call of sleep, which it is by `time` now."""
    trailers = leaf.parent.children[1:3]
    if len(trailers) < 2 or str(trailers[0]).strip() != ".sleep" or str(trailers[1])[0] != "(":
        return False
    leaf.replace(Name("time", prefix=leaf.prefix))
    if len(trailers[1].children) == 2:  # eventlet.sleep() lets others run
        trailers[1].insert_child(1, Number("0"))
    return True


def _is_module(leaf):
    """Whether an attribute of a name is taken, or the word is no name at all."""
    parent, after = leaf.parent, leaf.next_sibling
    if parent.type == _type_of("trailer") and parent.children[0].value == ".":
        return True
    return (
        parent.type == _type_of("power")
        and parent.children[0] is leaf
        and after is not None
        and str(after).startswith(".")
    )


def _statement(leaf):
    """The import that a word stands in, as it is spelled."""
    return str(leaf.parent).strip() if leaf.parent.type == _type_of("import_name") else ""


def _type_of(name):
    from fissix.pygram import python_symbols

    return getattr(python_symbols, name)


def query(*paths):
    """The sleeps of eventlet."""
    return Query(*paths).select(IMPORT).modify(rewrite).select(FROM).modify(tell)
