"""Every public name of eventlet is some rule's: none falls through to the one that takes all."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from eventlet_codemod.config import Settings
from eventlet_codemod.facts.api import canonical
from eventlet_codemod.rules import all_rules
from eventlet_codemod.run import rewrite_one

#: Modules that cannot be imported here, since they need other libraries, and what they have.
NOT_HERE = {
    "eventlet.asyncio": ["spawn_for_awaitable"],
    "eventlet.support.psycopg2_patcher": ["make_psycopg_green", "eventlet_wait_callback"],
    "eventlet.support.pylib": ["emulate"],
    "eventlet.support.stacklesspypys": ["emulate"],
    "eventlet.support.stacklesss": ["emulate", "getcurrent", "greenlet"],
    "eventlet.zipkin.api": ["put_annotation", "put_key_value", "is_tracing", "is_sample"],
    "eventlet.zipkin.client": ["ZipkinClient"],
    "eventlet.zipkin.patcher": ["enable_trace_patch", "disable_trace_patch"],
}
#: Modules of releases long ago.
GONE = {
    "eventlet.api": ["sleep", "spawn", "call_after", "tcp_listener", "connect_tcp", "named"],
    "eventlet.channel": ["channel"],
    "eventlet.coros": ["event", "semaphore", "queue", "CoroutinePool", "execute", "Actor"],
    "eventlet.httpc": ["get"],
    "eventlet.httpd": ["server"],
    "eventlet.pool": ["Pool"],
    "eventlet.proc": ["spawn", "waitall", "RunningProcSet", "ProcExit", "Proc"],
    "eventlet.processes": ["Process", "ProcessPool", "DeadProcess"],
    "eventlet.saranwrap": ["wrap", "wrap_module"],
    "eventlet.twistedutil": ["block_on"],
    "eventlet.util": ["wrap_ssl", "tcp_socket", "wrap_select_with_coroutine_select"],
}
#: Rules that claim all of eventlet, or nearly all.
WIDE = frozenset({"asserted-class", "mock-target", "other-use", "passed-on"})


#: Run apart: some of eventlet's modules patch Python when they are imported.
SCRIPT = """
import importlib, json, pkgutil, sys, warnings
from types import ModuleType

warnings.simplefilter("ignore")
import eventlet
import greenlet

found = [eventlet, greenlet]
for info in pkgutil.walk_packages(eventlet.__path__, "eventlet."):
    if info.name.startswith("eventlet.green.") or info.name in sys.argv:
        continue
    try:
        found.append(importlib.import_module(info.name))
    except ImportError:
        continue


def is_own(module, name):
    # whether a module defines a name, or says that it offers it
    value = getattr(module, name)
    if name.startswith("_") or isinstance(value, ModuleType):
        return False
    if module in (eventlet, greenlet) or name in getattr(module, "__all__", ()):
        return True
    return getattr(value, "__module__", module.__name__) == module.__name__


print(json.dumps([f"{m.__name__}.{name}" for m in found for name in vars(m) if is_own(m, name)]))
"""


def public_names() -> list[str]:
    command = [sys.executable, "-c", SCRIPT, *NOT_HERE]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return list(json.loads(done.stdout.splitlines()[-1]))


NAMES = sorted(
    set(map(canonical, public_names()))
    | {f"{m}.{name}" for more in (NOT_HERE, GONE) for m, names in more.items() for name in names}
    | {f"eventlet.green.{name}" for name in ("profile.run", "ssl.wrap_socket", "zmq.Context")}
)


def test_there_are_as_many_as_ever() -> None:
    assert len(NAMES) > 250
    for name in ("convenience.serve", "db_pool.ConnectionPool", "debug.spew", "hubs.trampoline"):
        assert f"eventlet.{name}" in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_for_it(name: str) -> None:
    rules = [rule for rule in all_rules() if rule.claims(name) and rule.name not in WIDE]
    assert rules, f"no rule claims {name}"


FORMS = {
    "called": "return {name}(x, y)",
    "statement": "{name}(x)",
    "value": "x({name})",
    "tested": "return isinstance(x, {name})",
}


def is_rare(name: str) -> bool:
    rules = [rule for rule in all_rules() if rule.claims(name) and rule.name not in WIDE]
    return all(rule.family in ("rare", "sockets") for rule in rules)


@pytest.mark.parametrize("name", [name for name in NAMES if is_rare(name)])
def test_a_rare_one_gets_an_answer_of_its_own(name: str) -> None:
    module, _, last = name.rpartition(".")
    for form, code in FORMS.items():
        source = f"import {module}\n\n\ndef f(x, y):\n    {code.format(name=name)}\n"
        settings = Settings(monkey_patched="yes", force=True)
        findings = rewrite_one(source.encode(), "example.py", settings).entry.findings
        assert findings, (form, last)
        for finding in findings:
            assert finding.name not in WIDE, (form, finding.message)
            assert finding.status == "rewritten" or len(finding.advice) > 15
