"""nova's default green pool is called an executor.

Names only: the function, the global and what tests patch by these names.
"""

import sys

from bowler import Query

from eventlet_codemod import refers_to

CODE = "NOVANAMES001"
ORDER = "after"
REQUIRES = ("green_pool", "GREEN_POOL")
ASKS = "does something outside of this repository use the old name?"

OLD = "nova.utils._get_default_green_pool"
NEW = {
    "_get_default_green_pool": "_get_default_executor",
    "DEFAULT_GREEN_POOL": "DEFAULT_EXECUTOR",
}

BEFORE = """\
from nova import utils

utils._get_default_green_pool()
"""
AFTER = """\
from nova import utils

utils._get_default_executor()
"""


def rename(node, capture, filename):
    leaf = capture["name"]
    leaf.value = NEW[leaf.value]
    leaf.changed()


def rename_string(node, capture, filename):
    node.value = node.value.replace("_get_default_green_pool", "_get_default_executor")
    node.changed()


def is_home(node, capture, filename):
    return filename.endswith("nova/utils.py")


def query(*paths):
    return (
        Query(*paths)
        .select("power< any+ trailer< '.' name='_get_default_green_pool' > any* >")
        .filter(refers_to("nova.utils._get_default_green_pool"))
        .modify(rename)
        .select("power< any+ trailer< '.' name='DEFAULT_GREEN_POOL' > any* >")
        .filter(refers_to("nova.utils.DEFAULT_GREEN_POOL"))
        .modify(rename)
        .select("name='_get_default_green_pool'")
        .filter(is_home)
        .modify(rename)
        .select("name='DEFAULT_GREEN_POOL'")
        .filter(is_home)
        .modify(rename)
        .select(f"\"'{OLD}'\"")
        .modify(rename_string)
    )


def main():
    paths = [word for word in sys.argv[1:] if not word.startswith("-")]
    done = query(*paths).execute(interactive=False, write="--write" in sys.argv, silent=False)
    raise SystemExit(done.retcode)


if __name__ == "__main__":
    main()
