"""What becomes of os-ken's hub, and what only looks like it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.codemods.installed import using
from eventlet_codemod.codemods.loading import load_codemod
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one
from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("os_ken_hub.py"))

CASES = [
    # --- what only looks like it ---
    noop("another hub", "from other.lib import hub\n\nhub.spawn(work)\nhub.Event()\n"),
    noop("a parameter", "from os_ken.lib import hub\n\n\ndef f(hub):\n    hub.kill(1)\n"),
    noop("what both hubs have", "from os_ken.lib import hub\n\nhub.joinall(threads)\n"),
    noop(
        "a server of the hub's own",
        "from os_ken.lib import hub\n\nhub.StreamServer(address, handle).serve_forever()\n",
    ),
    # --- what is told ---
    manual("kill", "from os_ken.lib import hub\n\nhub.kill(t)\n", advises="threading.Event"),
    manual(
        "an Event by another name",
        "from os_ken.lib import hub\n\nhub.Event = Mine\n",
        says="may be something else",
    ),
    manual(
        "patch is handed on",
        "from os_ken.lib import hub\n\nrun(hub.patch)\n",
        says="is handed on",
    ),
    # --- what is rewritten ---
    fixes(
        "an Event",
        """
        from os_ken.lib import hub


        class App:
            def __init__(self):
                self.ready = hub.Event()  # once

            def wait(self):
                return self.ready.wait(timeout=5)
        """,
        """
        import threading


        class App:
            def __init__(self):
                self.ready = threading.Event()  # once

            def wait(self):
                return self.ready.wait(timeout=5)
        """,
    ),
    fixes(
        "the patch",
        """
        from os_ken.lib import hub

        hub.patch(thread=False)
        """,
        "",
        checks=["C-MODE"],
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_os_ken_hub(case: Case) -> None:
    check(case, CODEMOD)


def entry(text: str):
    codemod = load_codemod(CODEMOD)
    settings = Settings(codemods=(CODEMOD,), declared=codemod.declared)
    with using(codemod):
        change = rewrite_one(text.encode(), "app.py", settings)
    return change.entry, (change.result or b"").decode()


@pytest.mark.parametrize(
    ("call", "asks"),
    [
        ("hub.spawn(work)", {"C-MODE", "C-ATOM", "C-LIFE"}),
        ("thread = hub.spawn(work)", {"C-MODE", "C-ATOM", "C-LIFE", "C-NONE"}),
        ("hub.spawn_after(3, work)", {"C-MODE", "C-ATOM"}),
        ("hub.spawn_after(3, work, raise_error=True)", {"C-MODE", "C-ATOM", "C-EXC"}),
    ],
)
def test_what_it_spawns_is_asked_of_the_reviewer(call, asks):
    text = f"from os_ken.lib import hub\n\n{call}\n"
    told, result = entry(text)
    (found,) = told.findings
    assert (found.tier, set(found.may_differ)) == ("review", asks)
    assert result == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("hub.sleep(1)", "time.sleep(1)"),
        ("q = hub.Queue()\nq.put(1)", "q = queue.Queue()\nq.put(1)"),
        ("s = hub.Semaphore(2)\ns.acquire()", "s = threading.Semaphore(2)\ns.acquire()"),
    ],
)
def test_names_of_eventlet_are_known_to_the_built_in_rules(before, after):
    _, result = entry(f"from os_ken.lib import hub\n\n{before}\n")
    assert after in result
