"""A `GreenPool` becomes a pool of threads: the project's `BlockingPool`, or an executor.

With the setting `helpers` it is `BlockingPool`, which does what a GreenPool does: `spawn()` waits
while the pool is full, a task that spawns into its own full pool runs the child itself, `waitall()`
can be called again and again, each task has a thread of its own that starts with fresh locals and
does not hold up the exit, and `spawn_n()` shows what its task raises. Its methods have the same
names. A `spawn()` whose value nobody uses becomes `spawn_n()`; the green threads that the others
give become Futures, and `wait()` becomes `result()`.

Without helpers it is a `concurrent.futures.ThreadPoolExecutor`, for pools that need no more:

- A local pool that is fed and then waited for: a `with` statement goes around the statements, or,
  where that reads badly, `shutdown()` takes the place of `waitall()`.
- A pool whose green threads are kept and waited for: `submit()` and `result()`.
- `imap` and `starmap` of what is in memory, with results that are taken at once: `map()`.
- A pool of a module or an object that only gets work. If `waitall()` is the last use of it, in a
  method such as `stop()`, it becomes `shutdown()`.

An executor queues without a limit where a GreenPool lets its caller wait. So a pool stays if a
`while` loop or a generator feeds it, if it is asked how many run or are free, if it is resized, if
it is waited for and used again, and if its tasks wait for tasks of the same pool. Each of these
works with helpers.

Either way a pool stays where one of its green threads is killed, where a `Timeout` ends what waits
for it, and where something is done to it that a pool of threads does not know. A pool that
eventlet's WSGI server gets as its `custom_pool` goes together with the server, where `wsgi-server`
puts the helper `wsgi_server` in its place, which only takes its size.

A GreenPool without a size has 1000; the rewrite says so, since an executor's own default is a few.
"""

from __future__ import annotations

import ast

import libcst as cst

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Handle, HandleUse, Use
from eventlet_codemod.layout import Argument, collapse
from eventlet_codemod.rewrite import Context
from eventlet_codemod.rules import named
from eventlet_codemod.rules.base import (
    Decision,
    Edit,
    Leave,
    ReplaceExpression,
    Rewrite,
    Rule,
    WrapBlock,
)
from eventlet_codemod.rules.pools import _calls, _places, _served, _size
from eventlet_codemod.rules.pools._pool import (
    API,
    FOR_EVENTLET,
    SPAWN,
    Plan,
    is_passed_and_dropped,
    is_zip,
    plan,
    reads_unseen,
)
from eventlet_codemod.rules.threads import _future, _layout, _loops, _started

_CLASS = "eventlet.greenthread.GreenThread"
_LOST = "what it raises is no longer printed: nobody reads its Future"
_LATE = "what it raises is raised where the result is asked for, and printed no more"
_NAMES = {"imap": "map", "spawn": "submit", "spawn_n": "submit", "starmap": "map"}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Decide on a pool and its green threads as a whole, or on one thing done to them."""
    handle = facts.handle_of.get(use)
    if handle is None:
        return _leave_subclass(use)
    pool = handle.group
    if API not in pool.apis or (handle is not pool and handle.api != SPAWN):
        return None
    found = plan(pool, settings)
    if found.served and (reason := _served.waits(facts.project)):
        found = Plan(f"{FOR_EVENTLET}, which waits: {reason}")
    if found.objection:
        return _leave(found, pool)
    native = _Native(found, settings)
    if use in pool.creations:
        return native.creation(use, facts)
    deed = facts.deed[use]
    if handle is not pool:
        return native.of_green_thread(deed, handle)
    return native.deed(deed, pool, facts)


def _leave_subclass(use: Use) -> Leave | None:
    if use.api != API or not isinstance(use.parent, ast.ClassDef):
        return None
    return Leave(
        message="a subclass of GreenPool stays",
        why="it may override or use what a pool of threads does not have",
        advice="derive it from a pool of threads with the same methods by hand: those of the "
        "helper `BlockingPool` (setting `helpers`) have the names of GreenPool's",
    )


def _leave(found: Plan, pool: Handle) -> Leave:
    if found.objection.startswith(FOR_EVENTLET):
        return Leave(
            message=f"this GreenPool stays: {found.objection}",
            why="eventlet's WSGI server spawns its connections in it, and needs a pool of its own",
            advice="replace the server first; the pool goes with it, and its size becomes the "
            "number of threads of the native one: with the setting `helpers` that is "
            "`wsgi_server(…, custom_pool=pool)`, else `cheroot.wsgi.Server(…, numthreads=n)`, and "
            "`threads` of gunicorn or uWSGI outside",
        )
    if found.by_helper:
        return Leave(
            message=f"this GreenPool stays: {found.objection}",
            why="an executor queues without a limit, tells nothing of its tasks, ends with "
            "shutdown() and stands still where its tasks wait for each other",
            advice="set `helpers` to a module of the project, such as `pkg.concurrency`: then "
            "`BlockingPool(size)` takes its place, with spawn(), spawn_n(), imap(), waitall(), "
            "running() and free() as they are, and result() for wait()",
            setting="helpers",
        )
    killed = next((made for made in pool.made if _is_killed(made)), None)
    if "it is killed" in found.objection and killed is not None:
        return Leave(
            message=f"this GreenPool stays: {found.objection}",
            why="nothing native can be killed",
            advice=_loops.how_to_stop(killed),
        )
    return Leave(
        message=f"this GreenPool stays: {found.objection}",
        why="all that is done to a pool and to its green threads must change with it",
        advice="make what stands in the way plain, then run again. By hand: "
        "`pool = ThreadPoolExecutor(max_workers=n)`, `future = pool.submit(f, x)` for spawn(f, x), "
        "`future.result()` for wait(), `pool.shutdown()` in the place of the last waitall()",
    )


def _is_killed(made: Handle) -> bool:
    """Whether a green thread of a pool is killed that a call of spawn makes."""
    calls = all(creation.call is not None for creation in made.creations)
    return calls and any(deed.attribute == "kill" for deed in made.uses)


class _Native:
    """What a pool of threads says in the place of a GreenPool."""

    def __init__(self, found: Plan, settings: Settings) -> None:
        self.plan = found
        self.helpers = settings.helpers if found.form == "helper" else None
        self.module = self.helpers or settings.executor
        self.name = "BlockingPool" if self.helpers else "ThreadPoolExecutor"
        self.why = (
            "a BlockingPool waits, counts and ends like a GreenPool, with a thread for each task"
            if self.helpers
            else "an executor runs as many at once, and what it is asked for here it does alike"
        )

    def _rewrite(
        self, message: str, edits: tuple[Edit, ...] = (), checks: dict[str, str] | None = None
    ) -> Rewrite:
        return Rewrite(message=message, why=self.why, edits=edits, checks=checks or {})

    def creation(self, use: Use, facts: Facts) -> Rewrite:
        """The pool is made."""
        assert use.call is not None
        made = self._made_in_chain if isinstance(use.parents[-2], ast.Attribute) else self._made
        edits: list[Edit] = [ReplaceExpression(use.call, made, f"{self.module}.{self.name}")]
        message = f"`{self.module}.{self.name}` takes the place of a GreenPool"
        block = self.plan.block
        if block is not None and block.statements[0] is use.statement:
            edits.append(WrapBlock(block.statements, _with, block.drops is not None))
            message += ", in a with statement that waits for its tasks"
        return Rewrite(
            message=message,
            why=self.why,
            edits=tuple(edits),
            checks=self.plan.checks,
            needs=(self.module,),
            helpers=(self.name,) if self.helpers else (),
            setting="helpers",
        )

    def _made_in_chain(self, node: cst.BaseExpression, context: Context) -> str:
        """``GreenPool(n).imap(…)``: whoever lays out the whole breaks the lines."""
        return collapse(self._made(node, context))

    def _made(self, node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call)
        function = f"{context.name(self.module)}.{self.name}"
        given = context.value(node.args[0].value) if node.args else ""
        arguments: list[Argument] = [given] if given else []
        if not self.helpers:
            arguments = [f"max_workers={given or _size.DEFAULT}"]
        return context.call(function, arguments)

    def of_green_thread(self, deed: HandleUse, handle: Handle) -> Rewrite:
        """Something is done to a green thread that the pool made."""
        if deed.how == "annotation":
            return Rewrite(
                message="the annotation names `concurrent.futures.Future`",
                why="that is what the object is now",
                edits=(_future.annotation_edit(deed, "concurrent.futures", "Future"),),
                needs=("concurrent.futures",),
            )
        found = _future.profile(handle)
        asked = {"link": "C-ORDER", "cancel": "C-KILL", "test": "C-TRUTH", "text": "C-TYPE"}
        code = asked.get(deed.attribute or deed.how, "")
        new = {"wait": "result", "link": "add_done_callback", "dead": "done"}.get(deed.attribute)
        return Rewrite(
            message=f"`{new}()` says the same" if new else "the same on a Future",
            why="a Future gives the result, or raises what the task raised",
            edits=_future.edits_for(deed),
            checks={code: found.checks[code]} if code in found.checks else {},
        )

    def deed(self, deed: HandleUse, pool: Handle, facts: Facts) -> Rewrite:
        """Something is done to the pool."""
        if deed.how in ("annotation", "class"):
            place = "annotation" if deed.how == "annotation" else "test"
            return Rewrite(
                message=f"the {place} names `{self.module}.{self.name}`",
                why="that is what the object is now",
                edits=(_future.annotation_edit(deed, self.module, self.name),),
                needs=(self.module,),
                helpers=(self.name,) if self.helpers else (),
            )
        if deed.how == "named":
            twins = {} if self.helpers else dict.fromkeys(("spawn", "spawn_n"), "submit")
            return named.follow(deed, twins, self.why)
        if deed.attribute in ("spawn", "spawn_n") and not (deed.foreign and self.helpers):
            return self._spawn(deed, pool, facts)
        if deed.attribute in ("imap", "starmap") and deed.call is not None:
            return self._map(deed, pool)
        if deed.attribute == "waitall" and not self.helpers:
            return self._waitall(deed)
        if self.plan.served and deed.how == "escape":
            return self._rewrite("its size is what the server takes, or code goes on with it")
        checks = {"C-TYPE": "the text that it prints as changes"} if deed.how == "text" else {}
        if deed.attribute == "waitall" and deed.call is not None and not deed.value_unused:
            checks["C-TYPE"] = "waitall() gave None, and gives True now: does somebody look at it?"
        if deed.attribute in ("free", "running", "waiting"):
            checks["C-ATOM"] = (
                f"between threads {deed.attribute}() may be out of date when it returns: is a "
                "spawn decided by it?"
            )
        return self._rewrite(f"the same on a {self.name}", checks=checks)

    def _spawn(self, deed: HandleUse, pool: Handle, facts: Facts) -> Rewrite:
        attribute, call = deed.parents[-1], deed.call
        assert isinstance(attribute, ast.Attribute)
        dropped = deed.value_unused if call is not None else is_passed_and_dropped(deed)
        if self.helpers:
            name = "spawn_n" if dropped or deed.attribute == "spawn_n" else "spawn"
        else:
            name = "submit"
        checks = self._checks_of_spawn(deed, facts)
        for made in pool.made:
            if made.api == SPAWN and any(item.call is call for item in made.creations):
                asked = _future.profile(made).checks
                checks.update({code: asked[code] for code in asked if code != "C-FLOW"})
        if name != "spawn_n":
            checks["C-EXC"] = _LOST if dropped or call is None else _LATE
        if not self.helpers:
            self._ask_about_backlog(deed, pool, checks)
        by_keyword = call is not None and any(k.arg == "function" for k in call.keywords)
        edits: tuple[Edit, ...] = ()
        if call is None and name != deed.attribute:
            edits = (_calls.renamed(attribute, name),)
        elif call is not None and (name != deed.attribute or by_keyword):
            siblings = [item.call for item in pool.uses if item.attribute in ("spawn", "spawn_n")]
            edits = _calls.call_of(deed, name, siblings, keyword="function")
        message = f"`{name}()` starts it in a thread" if edits else f"the same on a {self.name}"
        return self._rewrite(message, edits, checks)

    def _checks_of_spawn(self, deed: HandleUse, facts: Facts) -> dict[str, str]:
        if deed.call is None:
            code = "C-FLOW"
            text = f"{deed.attribute} is handed on: is it called with a function and its arguments?"
            return {"C-ATOM": "its tasks run in parallel: is what they share guarded?", code: text}
        target = _places.target_of(deed.call)
        checks = _started.checks(deed.use, target, facts)
        checks.pop("C-BOUND", None)  # the pool is the bound
        return checks

    def _ask_about_backlog(self, deed: HandleUse, pool: Handle, checks: dict[str, str]) -> None:
        """spawn() waited while the pool was full; submit() queues."""
        unseen = reads_unseen(deed, pool)
        if unseen:
            checks["C-BOUND"] = (
                f"submit() does not wait for a free thread: is `{unseen[0]}` small enough to be "
                "queued at once?"
            )
        elif self.plan.block is None and not _places.loops_of(deed.use):
            function = _places.function_of(deed.use)
            if function is not None and isinstance(deed.node, ast.Attribute):
                checks["C-BOUND"] = (
                    "submit() does not wait for a free thread: what limits how much is queued?"
                )

    def _map(self, deed: HandleUse, pool: Handle) -> Rewrite:
        call = deed.call
        assert call is not None
        if is_zip(deed):
            return self._rewrite("`zip()` pairs what imap(None, …) paired", (_zipped(call),))
        checks = {
            "C-ATOM": "the calls run in parallel: is what they share guarded by a lock?",
            "C-EXC": _LATE,
        }
        if self.helpers:
            return self._rewrite(f"the same on a {self.name}", checks=checks)
        unseen = reads_unseen(deed, pool)
        if unseen:
            checks["C-BOUND"] = (
                f"map() reads all of its input at once: is `{unseen[0]}` finite, and small enough?"
            )
        edits: tuple[Edit, ...] = (_starred(deed),)
        if deed.attribute == "imap":
            edits = _calls.call_of(deed, "map")
        return self._rewrite(f"`map()` gives the results of {deed.attribute}()", edits, checks)

    def _waitall(self, deed: HandleUse) -> Rewrite:
        if self.plan.block is not None:
            return self._rewrite("the end of the with statement waits for the tasks")
        attribute = deed.parents[-1]
        assert isinstance(attribute, ast.Attribute)
        edit = _calls.renamed(attribute, "shutdown")
        return self._rewrite(
            "`shutdown()` waits for the tasks, and nothing comes after it", (edit,)
        )


def _with(node: cst.BaseSmallStatement, context: Context) -> str:
    assert isinstance(node, cst.Assign)
    return f"{context.code(node.value)} as {context.code(node.targets[0].target)}"


def _zipped(call: ast.Call) -> Edit:
    def make(node: cst.BaseExpression, context: Context) -> cst.BaseExpression:
        assert isinstance(node, cst.Call)
        return node.with_changes(func=cst.Name("zip"), args=node.args[1:])

    return ReplaceExpression(call, make)


def _starred(deed: HandleUse) -> Edit:
    """``pool.map(lambda args: f(*args), items)`` for ``pool.starmap(f, items)``."""

    def make(node: cst.BaseExpression, context: Context) -> str:
        assert isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute)
        function, items = (context.value(item.value) for item in node.args)
        name = "args" if function.partition(".")[0] != "args" else "given"
        return _layout.call(
            context,
            f"{context.value(node.func.value)}.map",
            [f"lambda {name}: {function}(*{name})", items],
            block=deed.use.statement.col_offset,
        )

    assert deed.call is not None
    return ReplaceExpression(deed.call, make)


rule = Rule(
    code="EVT120",
    family="pools",
    step=1,
    summary="a GreenPool becomes a pool of threads",
    apis=frozenset({API, f"{API}.*", _CLASS, "eventlet.greenthread.cancel"}),
    match=match,
    checks=(
        *("C-START", "C-ATOM", "C-EXIT", "C-MAIN", "C-BOUND", "C-EXC", "C-LIFE", "C-LOCAL"),
        *("C-FLOW", "C-KILL", "C-NEST", "C-ORDER", "C-TRUTH", "C-TYPE"),
    ),
    relies_on="thread",
    settings=("helpers", "executor"),
    references=(
        *("POOL-NEW", "POOL-SPAWN", "POOL-SPAWNN", "POOL-WAITALL", "POOL-COUNT", "POOL-RESIZE"),
        *("POOL-IMAP", "POOL-STARMAP", "POOL-MAPNONE"),
    ),
    before="""\
import eventlet


def fetch_all(fetch, urls):
    pool = eventlet.GreenPool(20)
    for url in urls:
        pool.spawn_n(fetch, url)
    pool.waitall()
""",
    after="""\
from concurrent import futures


def fetch_all(fetch, urls):
    with futures.ThreadPoolExecutor(max_workers=20) as pool:
        for url in urls:
            pool.submit(fetch, url)
""",
)
