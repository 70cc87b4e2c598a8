"""The public API is what its page says, and costs nothing before it is used."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import eventlet_codemod
from eventlet_codemod import testing

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api.md").read_text()


def test_every_name_is_there_documented_and_nothing_else():
    rows = re.findall(r"^\| (`.*?) \|", PAGE, re.MULTILINE)
    named = {name for row in rows for name in re.findall(r"`(\w+)", row)}
    public = set(eventlet_codemod.__all__) - {"__version__"}
    assert named == public
    for name in public:
        found = getattr(eventlet_codemod, name)
        assert found.__doc__, name
    tail = PAGE.partition("## Testing")[2]
    assert set(re.findall(r"`(\w+)`", tail)) == set(testing.__all__)


def test_importing_the_package_imports_nothing():
    program = (
        "import sys, eventlet_codemod; "
        "print([n for n in sys.modules if n.startswith(('eventlet_codemod.', 'libcst', 'bowler'))])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == "[]\n"


def test_a_name_that_is_not_there():
    import pytest

    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        _ = eventlet_codemod.nothing
