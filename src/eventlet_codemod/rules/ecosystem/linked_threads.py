"""A `ThreadGroup` whose threads are linked, or asked for their value, becomes a helper.

On oslo.service's threading backend `link()` does nothing and `wait()` gives None. With the setting
`helpers`, where a file makes groups and links their threads, the project's `LinkedThreadGroup`
takes the place of every group that the file makes. Its threads call what is linked to them when
they end, in the thread itself, with themselves as the first argument; `wait()` gives the value or
raises the error; a full group makes the caller of `add_thread()` wait, as eventlet's did. Timers
are oslo.service's.

What it cannot do is to end a thread: `stop()` of the group only stops the timers, and the reviewer
is asked what ends the rest. Where a thread of its own is stopped or cancelled, a class derives from
a group, or the group comes from elsewhere, as the `tg` of a service does, `thread-group` says what
to do.

An error that the work ends with is logged, where eventlet printed it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.facts.backend import GROUP, THREAD
from eventlet_codemod.facts.groups import LINKED
from eventlet_codemod.facts.project import is_test
from eventlet_codemod.rules.base import Decision, Leave, ReplaceImport, Rewrite, Rule
from eventlet_codemod.rules.ecosystem import _linked
from eventlet_codemod.rules.servers import _calls

_TOGETHER = "linked threads"
_PATCHED = re.compile(r"""['"]((?:\w+\.)*threadgroup(?:\.ThreadGroup)?)['"]""")


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a group, or on what is done to it or to its threads."""
    reason = _linked.objection(facts, settings)
    if use.api == GROUP:
        return _left(use, reason) if reason else _made(use, facts, settings)
    if reason:
        return None
    if not isinstance(use.node, ast.Attribute) or _linked.objection_to(use, facts, settings):
        return None
    return _done(use, facts, settings)


def _left(use: Use, reason: str) -> Leave | None:
    """Name a group whose threads are linked; another rule says so of each link."""
    if use.kind != "handle":
        return None
    return Leave(
        message="this group's threads are linked, or asked for their value",
        why="native threads of oslo.service cannot do that",
        advice=_linked.advice(reason),
        setting=_linked.setting(reason),
    )


def _made(use: Use, facts: Facts, settings: Settings) -> Rewrite:
    module = settings.helpers
    assert module is not None
    checks = {
        "C-KILL": "stop() killed the threads of the group; these go on until they end, and wait() "
        f"waits for that: what ends {_work(facts)}?"
    }
    if patches := _patches(facts):
        checks["C-MOCK"] = f"patches of the group have to follow: {patches}"
    return Rewrite(
        message=f"`{module}.{LINKED}` takes the place of the group",
        why="its threads can be linked, and asked for their value",
        edits=(_calls.named(use, module, LINKED), *_import_that_goes(use, facts)),
        checks=checks,
        needs=(module,),
        helpers=(LINKED,),
        setting="helpers",
        together=_TOGETHER,
    )


def _done(use: Use, facts: Facts, settings: Settings) -> Rewrite:
    """What goes on working with the helper: the call stays, for some of them with questions."""
    name = use.api.rpartition(".")[2]
    checks = {}
    if use.api.startswith(f"{THREAD}."):
        known = _linked.group_of(use, facts) in _linked.names_of_groups(facts)
        if not known:
            assert isinstance(use.node, ast.Attribute)
            thread = ast.unparse(use.node.value)
            checks["C-FLOW"] = f"does `{thread}` come from a group that is made in this file?"
        if name == "link":
            checks |= _of_callback(use, facts)
    elif name == "stop":
        checks["C-KILL"] = f"what ends {_work(facts)}? It goes on, where stop() killed it"
    return Rewrite(
        message={
            "link": "what is linked is called when the thread ends",
            "wait": "wait() gives the value, or raises the error",
            "add_thread": "a full group makes the caller wait",
        }.get(name, "the timers are stopped"),
        why=f"`{settings.helpers}.{LINKED}` takes the place of the group",
        checks=checks,
        stays=True,
        together=_TOGETHER,
    )


def _of_callback(use: Use, facts: Facts) -> dict[str, str]:
    """What to ask of a function that threads call when they end."""
    call = use.call or use.parent
    assert isinstance(call, ast.Call)
    given = call.args[0] if call.args else None
    name = ast.unparse(given) if given is not None else "the callback"
    checks = {
        "C-ATOM": f"{name} runs in the thread that ends, beside all others: is what it changes "
        "guarded?"
    }
    body = _definition(given, facts)
    for node in ast.walk(body) if body is not None else ():
        text = ast.unparse(node) if isinstance(node, ast.Call) else ""
        line = getattr(node, "lineno", 0)
        if text.startswith(("sys.exit(", "exit(")):
            checks["C-EXIT"] = f"line {line}: `{text}` ends this one thread, no longer the process"
        elif text.startswith("signal.signal("):
            checks["C-MAIN"] = f"line {line}: `{text}` raises ValueError outside the main thread"
    return checks


def _definition(given: ast.expr | None, facts: Facts) -> ast.AST | None:
    """The function of this file that an expression names, by its last name, if it is one only."""
    if isinstance(given, ast.Lambda):
        return given
    name = getattr(given, "attr", getattr(given, "id", ""))
    found = [
        node
        for node in ast.walk(facts.tree)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name == name
    ]
    return found[0] if len(found) == 1 else None


def _work(facts: Facts) -> str:
    """What the file starts in groups, as it is written."""
    found = []
    for occurrence in facts.occurrences("add_thread"):
        call = occurrence.parents[-1]
        if isinstance(occurrence.node, ast.Attribute) and isinstance(call, ast.Call) and call.args:
            found.append(ast.unparse(call.args[0]))
    return ", ".join(dict.fromkeys(found)) or "what is added to it"


def _patches(facts: Facts) -> str:
    """Where tests patch the group, or its module, by a name that goes."""
    own = facts.dotted
    found = []
    for path in facts.project.mentions(frozenset({"threadgroup"}), facts.path).get(
        "threadgroup", ()
    ):
        text = facts.project.reads(path) if is_test(path) else ""
        for match in _PATCHED.finditer(text):
            if match[1].startswith((f"{own}.", "oslo_service.")):
                found.append(f"{path}:{text.count(chr(10), 0, match.start()) + 1}")
    return ", ".join(found[:3]) + (" and others" if len(found) > 3 else "")


def _import_that_goes(use: Use, facts: Facts) -> Iterator[ReplaceImport]:
    """The import of the group, with the first of its uses, when all of them go."""
    assert isinstance(use.node, ast.expr)
    name = ast.unparse(use.node).partition(".")[0]
    bindings = facts.lookup(name, use.scope)[1]
    if len(bindings) != 1 or not bindings[0].at_top:
        return
    made = [u for u in facts.names.uses if u.api == GROUP and u.call is not None]
    reads = [
        o
        for o in facts.occurrences(name)
        if isinstance(o.node, ast.Name)
        and isinstance(o.node.ctx, ast.Load)
        and bindings[0] in facts.lookup(name, o.scope)[1]
    ]
    taken = facts.project.takes_from(facts.path, name)
    if made[0] is use and len(reads) == len(made) and not taken:
        yield ReplaceImport(bindings[0])


rule = Rule(
    code="EVT418",
    family="ecosystem",
    step=3,
    summary="a ThreadGroup whose threads are linked becomes a helper",
    apis=frozenset({GROUP, f"{GROUP}.*", f"{THREAD}.*"}),
    match=match,
    checks=("C-KILL", "C-MOCK", "C-FLOW", "C-ATOM", "C-EXIT", "C-MAIN"),
    settings=("helpers",),
    references=("OSL-5", "OSL-6", "OSL-7"),
    example_settings={
        "helpers": "pkg.concurrency",
        "monkey_patch": "init-backend",
        "monkey_patched": "yes",
    },
    before="""\
from oslo_service import threadgroup


def run(work, done):
    group = threadgroup.ThreadGroup()
    thread = group.add_thread(work)
    thread.link(done)
    return thread.wait()
""",
    after="""\
from pkg import concurrency


def run(work, done):
    group = concurrency.LinkedThreadGroup()
    thread = group.add_thread(work)
    thread.link(done)
    return thread.wait()
""",
)
