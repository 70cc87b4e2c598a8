"""Which of several imports of eventlet stay when only some of its uses are left."""

from __future__ import annotations

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one

SETTINGS = Settings(monkey_patched="yes")


def rewritten(source: str) -> list[str]:
    change = rewrite_one(source.encode(), "a.py", SETTINGS)
    assert change.entry.error is None
    text = change.result.decode()
    return [line for line in text.splitlines() if "import" in line]


SLEEP = "eventlet.sleep(1)\n"
SERVER = "eventlet.wsgi.server(sock, app)\n"
LIMIT = "limit = eventlet.Timeout(4)\n"


@pytest.mark.parametrize(
    ("imports", "body", "left"),
    [
        pytest.param(
            ["import eventlet"], SLEEP + LIMIT, ["import eventlet"], id="the only one stays"
        ),
        pytest.param(
            ["import eventlet", "import eventlet.wsgi"],
            SLEEP + SERVER,
            ["import eventlet.wsgi"],
            id="the plain one goes where a submodule's leads to all that is left",
        ),
        pytest.param(
            ["import eventlet", "import eventlet.wsgi"],
            SLEEP + SERVER + LIMIT,
            ["import eventlet", "import eventlet.wsgi"],
            id="both stay where both are needed",
        ),
        pytest.param(
            ["import eventlet", "import eventlet.event", "import eventlet.wsgi"],
            "done = eventlet.event.Event()\n" + SERVER,
            ["import eventlet.wsgi"],
            id="what nothing leads through goes with it",
        ),
        pytest.param(
            ["import eventlet.event", "import eventlet.semaphore"],
            "done = eventlet.event.Event()\nlock = eventlet.semaphore.Semaphore()\n"
            "print(lock.balance)\n",
            ["import eventlet.semaphore"],
            id="one submodule of two",
        ),
        pytest.param(
            ["import eventlet.event"],
            "done = eventlet.event.Event()\n" + LIMIT,
            ["import eventlet.event"],
            id="a submodule's import stays for what it binds by the way",
        ),
    ],
)
def test_imports_of_eventlet_that_stay(imports: list[str], body: str, left: list[str]) -> None:
    source = "\n".join([*imports, "", body])
    assert [line for line in rewritten(source) if "eventlet" in line] == left
