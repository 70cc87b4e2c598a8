"""Handles: objects that eventlet made, with everything that is done to them.

`flow` follows them; rules look at what it found. A handle is one object, or several that share a
name, an attribute, a container or a parameter: they are rewritten together or not at all.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

from eventlet_codemod.facts.module import Module
from eventlet_codemod.facts.uses import Use

#: Classes of eventlet whose objects are followed.
CLASSES = frozenset(
    {
        "eventlet.dagpool.DAGPool",
        "eventlet.event.Event",
        "eventlet.greenpool.GreenPile",
        "eventlet.greenpool.GreenPool",
        "eventlet.lock.Lock",
        "eventlet.pools.Pool",
        "eventlet.pools.TokenPool",
        "eventlet.queue.LifoQueue",
        "eventlet.queue.LightQueue",
        "eventlet.queue.PriorityQueue",
        "eventlet.queue.Queue",
        "eventlet.semaphore.BoundedSemaphore",
        "eventlet.semaphore.CappedSemaphore",
        "eventlet.semaphore.Semaphore",
        "oslo_utils.eventletutils.Event",
        "oslo_utils.eventletutils.EventletEvent",
    }
)

#: Functions that give a green thread, which is followed where its value is used.
SPAWNS = frozenset(
    {
        "eventlet.greenthread.spawn",
        "eventlet.greenthread.spawn_after",
        "eventlet.greenthread.spawn_after_local",
        "eventlet.greenthread.spawn_n",
    }
)

#: Methods of handles that give another one.
MAKERS = frozenset({"eventlet.greenpool.GreenPool.spawn"})

#: What gives an object that can be waited for, linked and killed.
GREEN_THREADS = (SPAWNS | MAKERS) - {"eventlet.greenthread.spawn_n"}

_OF_GREEN_THREAD = ("wait", "kill", "link", "unlink", "cancel", "dead", "throw")

#: By what is done to it an object of a class is known, where only a name is seen.
TELLING = {
    "eventlet.event.Event": (
        *("send", "send_exception", "wait", "ready", "reset", "has_result", "has_exception"),
        *("poll", "poll_result", "poll_exception"),
    ),
    "eventlet.greenpool.GreenPool": (
        *("spawn", "spawn_n", "imap", "starmap", "waitall", "wait", "running", "free", "waiting"),
        "resize",
    ),
    **dict.fromkeys([*SPAWNS, *MAKERS], _OF_GREEN_THREAD),
}


@dataclass(eq=False, slots=True)
class HandleUse:
    """One thing done with a handle, in some file of the project.

    ``how`` is one of: ``attribute`` (then ``attribute`` names it and ``call`` is set if it is
    called), ``with``, ``with-as``, ``iterate``, ``test`` (truth value), ``compare-none``,
    ``compare`` (identity, equality, membership), ``key`` (of a mapping or set), ``text`` (printed
    or logged), ``isinstance``, ``argument`` (of the eventlet function ``attribute``, in ``call``),
    ``annotation``, ``class`` (the one that an ``isinstance`` asks for), ``named`` (``reason`` is
    the method that a ``hasattr`` or a test's patch names, in ``call``), or ``escape``: it is handed
    to code that is not followed, for ``reason``.

    ``node`` is the reference to the object itself, ``parents`` lead to it. ``foreign`` says that
    only an attribute's name connects it to the handle: ``other.lock`` for ``self.lock``.
    """

    how: str
    node: ast.AST
    parents: tuple[ast.AST, ...]
    attribute: str = ""
    call: ast.Call | None = None
    reason: str = ""
    foreign: bool = False
    module: Module = None  # type: ignore[assignment]  # set by whoever follows
    use: Use = None  # type: ignore[assignment]

    @property
    def value_unused(self) -> bool:
        """Whether the use is a call that stands alone as a statement."""
        holder = self.parents[-3] if len(self.parents) > 2 else None
        return isinstance(holder, ast.Expr) and holder.value is self.call

    @property
    def line(self) -> int:
        """The line of the object's name, from 1."""
        return int(getattr(self.node, "lineno", 0))

    @property
    def holder(self) -> ast.AST:
        """The node around the call, or around the attribute that is not called."""
        depth = 1 if not self.attribute or self.how == "argument" else 2 if not self.call else 3
        return self.parents[-depth]


@dataclass(frozen=True, slots=True)
class Mention:
    """Another file that names what a handle is called; ``with_owner``: its class or module too."""

    path: str
    with_owner: bool


@dataclass(eq=False, slots=True)
class Handle:
    """An object of eventlet and all that the project does with it.

    ``creations`` are the uses that make it, each with its file in ``origins``. ``escapes`` are the
    places where it leaves the analysis, ``conflicts`` say where something else takes its name,
    ``mixed`` that it is objects of several kinds, ``assumed`` what was taken for it without proof.
    ``label`` is how a reader would call it: ``self._lock``, ``queue``. It may be reached as an
    ``attribute`` of the class ``owner`` (``inherits``: which has bases), or as the module-level
    ``exported``. ``trail`` tells each step that it takes. ``maker`` is the pool whose method made
    it. ``optional`` says that None stands in its place somewhere. ``unseen`` is another file that
    may hold it under its name.
    """

    api: str
    label: str = ""
    creations: list[Use] = field(default_factory=list)
    origins: list[Module] = field(default_factory=list)
    uses: list[HandleUse] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    mixed: str = ""
    attribute: str = ""
    exported: str = ""
    owner: str = ""
    inherits: bool = False
    assumed: list[str] = field(default_factory=list)
    trail: list[tuple[str, int, str]] = field(default_factory=list)
    apis: set[str] = field(default_factory=set)
    maker: Handle | None = None
    made: list[Handle] = field(default_factory=list)
    optional: bool = False
    memo: dict[str, Any] = field(default_factory=dict, repr=False)  # what rules found out
    unseen: Mention | None = None

    @property
    def id(self) -> str:
        """Where it is first made: ``path:line:column``, the same whoever asks."""
        places = [
            (module.path, use.node.lineno, use.node.col_offset)  # type: ignore[attr-defined]
            for module, use in zip(self.origins, self.creations, strict=True)
        ]
        return ":".join(map(str, min(places)))

    @property
    def escapes(self) -> list[HandleUse]:
        """Uses that hand the object on to code that is not followed."""
        return [use for use in self.uses if use.how in ("escape", "with-as")]

    @property
    def modules(self) -> list[Module]:
        """The files that make it or do something to it."""
        return list(dict.fromkeys([*self.origins, *(deed.module for deed in self.uses)]))

    @property
    def group(self) -> Handle:
        """The handle that this one goes with: the pool that made it, or itself."""
        return self.maker.group if self.maker is not None else self
