"""What holds of any text: other lines stay byte for byte, and nothing raises."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from eventlet_codemod.config import Settings
from eventlet_codemod.packaging import packaging_rules
from eventlet_codemod.packaging.base import Context
from eventlet_codemod.packaging.change import Policy, change_of, document
from eventlet_codemod.packaging.dependencies import listings
from eventlet_codemod.packaging.needed import NEEDS
from eventlet_codemod.rules import every_rule
from eventlet_codemod.source import SourceError

CODES = frozenset(rule.code for rule in every_rule())
POLICY = Policy(Settings(), CODES, "")
PATHS = [
    "requirements.txt",
    "lower-constraints.txt",
    "setup.cfg",
    "setup.py",
    "pyproject.toml",
    "tox.ini",
    ".coveragerc",
    "bindep.txt",
    "Dockerfile",
    "gunicorn.conf.py",
    "celeryconfig.py",
    "conf.py",
    "Procfile",
    "run.sh",
    "a.env",
    "a.service",
    "a.conf",
    "a.yml",
    "environment.yml",
    "a.json",
    "poetry.lock",
    "Pipfile",
]


def rewritten(path: str, data: bytes, needs: tuple[str, ...] = (), *, strict: bool = True) -> bytes:
    """The file after the rules; and after them again it is the same.

    With ``strict``, no rewrite may fail its proof, which leaves the file as it is.
    """
    rules = [rule for rule in packaging_rules() if rule.reads(path)]
    try:
        old = document(path, data)
    except SourceError:
        return data
    lists = [item for item in listings(old.text, path) if item.role in ("runtime", "lower")]
    wants = {listing.key: tuple(NEEDS[n] for n in needs) for listing in lists}
    context = Context(path, wants)
    change = change_of(old, rules, context, POLICY)
    if change is None:
        return data
    failed = [f.message for f in change.entry.findings if "the rewrite fails" in f.message]
    assert not (strict and failed)
    if change.new is None:
        return data
    again = change_of(document(path, change.new), rules, context, POLICY)
    assert again is None or again.new is None
    return change.new


OTHER = st.sampled_from(
    [
        "",
        "# a comment about eventlet",
        "alembic>=1.4.2 # MIT",
        "Zope == 1 ; python_version < '4'  # why",
        "  indented",
        "-r other.txt",
        "--index-url https://example.org",
        "hashed==1 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb",
        "my-eventlet>=1",
        "git+https://example.org/a.git#egg=a",
        "caf\u00e9 \u2028 \x0c odd",
    ]
)
GREEN = st.sampled_from(
    [
        "eventlet",
        "Eventlet>=0.27.0 # MIT",
        "greenlet ; python_version < '4'",
        "eventlet==1 \\\n  --hash=sha256:aa",
        "  eventlet",
    ]
)
NEWLINES = st.sampled_from(["\n", "\r\n"])


@given(st.lists(st.one_of(OTHER, GREEN)), NEWLINES, st.booleans())
def test_all_other_requirements_stay(lines, newline, ended):
    green = {line for line in lines if line.lstrip().lower().startswith(("eventlet", "greenlet"))}
    text = "\n".join(lines) + "\n" * (ended and bool(lines))
    kept = "\n".join(line for line in lines if line not in green)
    result = rewritten("requirements.txt", text.replace("\n", newline).encode())
    assert result.rstrip(b"\r\n") == kept.replace("\n", newline).encode().rstrip(b"\r\n")


@given(st.lists(OTHER), st.sampled_from([("futurist",), ("futurist", "cheroot")]))
def test_what_comes_in_moves_nothing(lines, needs):
    text = "\n".join(lines) + "\n" * bool(lines)
    result = rewritten("requirements.txt", text.encode(), needs).decode()
    if "--hash" in text:
        assert result == text
        return
    added = [
        line for line in result.split("\n") if line.lstrip().startswith(("futurist>", "cheroot>"))
    ]
    assert len(added) == len(needs)
    rest = [line for line in result.split("\n") if line not in added]
    assert rest == text.split("\n")


WORDS = st.sampled_from(
    [
        "eventlet", "greenlet", "eventlet>=0.3", "EVENTLET_HUB", "EVENTLET_NO_GREENDNS=yes", "=",
        ":", "[", "]", "{", "}", ",", '"', "'", "\n", "\n", "\n  ", "\n    ", "\t", " ", "- ", "\\",
        "\\\n", "#", ";", "[run]", "[options]", "[testenv]", "[project]", "concurrency", "deps",
        "install_requires", "dependencies", "setup(", ")", "RUN ", "ENV ", "CMD ", "pip install ",
        "gunicorn", "celery", "-k ", "-P ", "--worker-class", "worker_class", "worker_pool",
        "python -m eventlet.patcher ", "a.py", "loggers", "qualname", "[logger_x]", "keys",
        "eventlet.wsgi.server", "autodoc_mock_imports", "[entry_points]", "\r\n", "&&", "\x0c",
        "futurist:GreenThreadPoolExecutor", "export ", "setenv", "Environment", "env",
        "name", "\u00e9",
    ]
)  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
@given(words=st.lists(WORDS, max_size=30), needs=st.booleans())
@settings(max_examples=150, deadline=None)
def test_nothing_raises_and_a_second_pass_is_empty(path, words, needs):
    data = "".join(words).encode()
    result = rewritten(path, data, ("futurist",) if needs else (), strict=False)
    if path.endswith((".json", ".lock")):
        assert result == data


@pytest.mark.parametrize("path", PATHS)
@given(data=st.binary(max_size=60))
def test_bytes_that_say_nothing_stay(path, data):
    assume(b"ventlet" not in data and b"reenlet" not in data)
    assert rewritten(path, data) == data
