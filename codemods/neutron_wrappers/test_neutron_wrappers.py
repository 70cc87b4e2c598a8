"""What becomes of neutron's wrappers, and what only looks like them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("neutron_wrappers.py"))

WRAPPER = """
    import threading

    import eventlet


    def spawn_n(func, *args, **kwargs):
        def wrapper(*args, **kwargs):
            return func(*args, **kwargs)

        # as eventlet's
        return eventlet.spawn_n(wrapper, *args, **kwargs)
"""

CASES = [
    # --- what only looks like it ---
    noop("another module", "from other.common import utils\n\nutils.spawn(work)\n"),
    noop("nova's", "from nova import utils\n\nutils.spawn(work)\n"),
    noop(
        "a parameter",
        "from neutron.common import utils\n\n\ndef f(utils):\n    utils.spawn(work)\n",
    ),
    noop("spawn_n", "from neutron.common import utils\n\nutils.spawn_n(work)\n"),
    noop("a process", "def f(manager):\n    manager.spawn(namespace='a')\n"),
    noop(
        "a patch of the process",
        "import eventlet\nfrom neutron.common import eventlet_utils\n\neventlet_utils.other()\n",
    ),
    # --- what is told ---
    manual(
        "a result",
        "from neutron.common import utils\n\ngt = utils.spawn(work)\n",
        says="gives is used",
        advises="ThreadPoolExecutor",
    ),
    manual(
        "a result at once",
        "from neutron.common import utils\n\nutils.spawn(work).wait()\n",
        says="gives is used",
    ),
    manual(
        "handed on",
        "from neutron.common import utils\n\nvariants = [utils.spawn]\n",
        says="is handed on",
    ),
    manual(
        "imported by itself",
        "from neutron.common.utils import spawn\n\nspawn(work)\n",
        says="imported by itself",
    ),
    manual(
        "a wrapper without threading",
        WRAPPER.replace("    import threading\n\n", ""),
        path="neutron/common/utils.py",
        says="does not import threading",
    ),
    # --- what is rewritten ---
    fixes(
        "a call",
        """
        from neutron.common import utils as common_utils


        def notify(self, events):
            common_utils.spawn(self.send, events,  # later
                               timeout=3)
        """,
        """
        from neutron.common import utils as common_utils


        def notify(self, events):
            common_utils.spawn_n(self.send, events,  # later
                                 timeout=3)
        """,
        checks=["C-CODEMOD"],
    ),
    fixes(
        "the wrapper",
        WRAPPER,
        """
        import threading

        import eventlet


        def spawn_n(func, *args, **kwargs):
            def wrapper(*args, **kwargs):
                return func(*args, **kwargs)

            # as eventlet's
            _thread = threading.Thread(
                target=wrapper, args=args, kwargs=kwargs, daemon=True)
            _thread.start()
            return _thread
        """,
        path="neutron/common/utils.py",
        checks=["C-CODEMOD"],
        left=1,  # the import, which another rule takes away
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_neutron_wrappers(case: Case) -> None:
    check(case, CODEMOD)


def test_what_patches_a_plugin_is_seen() -> None:
    from eventlet_codemod.codemods.installed import using
    from eventlet_codemod.codemods.loading import load_codemod
    from eventlet_codemod.config import Settings
    from eventlet_codemod.run import rewrite_one

    text = "from neutron.common import eventlet_utils\n\neventlet_utils.monkey_patch()\n"
    codemod = load_codemod(CODEMOD)
    settings = Settings(codemods=(CODEMOD,), declared=codemod.declared)
    with using(codemod):
        entry = rewrite_one(text.encode(), "plugin/tests/__init__.py", settings).entry
    assert [(f.name, f.line) for f in entry.findings] == [("monkey-patch", 3)]
