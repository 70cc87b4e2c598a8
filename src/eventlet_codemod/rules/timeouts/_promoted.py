"""Which Timeouts are rewritten, for what stands around them and in them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from eventlet_codemod.facts import Module, Use
from eventlet_codemod.rules.timeouts import (
    _bounded,
    _catching,
    _gather,
    _generator,
    _limit,
    _loop,
    _nap,
    _primitive,
)
from eventlet_codemod.rules.timeouts._bounded import Bounded, NotBounded
from eventlet_codemod.rules.timeouts._catching import Swallowed
from eventlet_codemod.rules.timeouts._gather import Gather
from eventlet_codemod.rules.timeouts._generator import HandedOn, NotHandedOn
from eventlet_codemod.rules.timeouts._limit import Limit, NoLimit
from eventlet_codemod.rules.timeouts._loop import NoLoop, Pause
from eventlet_codemod.rules.timeouts._nap import Nap
from eventlet_codemod.rules.timeouts._primitive import NotPrimitive, Primitives


@dataclass(frozen=True, slots=True)
class Promotion:
    """A Timeout with what takes its place: the pauses of a loop, or the limits of waits.

    ``bounded`` are calls of libraries, ``primitives`` waits on queues, locks, events and threads,
    ``handed_on`` a loop that yields what another gives, ``gather`` one that takes the results of a
    pile, ``nap`` a sleep alone.
    """

    limit: Limit
    pauses: tuple[Pause, ...] = ()
    bounded: Bounded | None = None
    primitives: Primitives | None = None
    handed_on: HandedOn | None = None
    gather: Gather | None = None
    nap: Nap | None = None

    @property
    def natives(self) -> tuple[str, ...]:
        """The exceptions that a clause in its own function catches now, as dotted names."""
        if self.bounded is not None and not _bounded.is_translated(self.limit, self.bounded):
            return self.bounded.errors
        return ("TimeoutError",)


#: What says why a Timeout stays.
REFUSALS = (NoLimit, NoLoop, NotBounded, NotPrimitive, NotHandedOn, Swallowed)


def promoted(use: Use, module: Module) -> Promotion | None:
    """What takes the place of a Timeout, where a rule rewrites it."""
    if use.kind != "reference" or use.call is None or use.doubt:
        return None
    key = ("promoted", use)
    if key not in module.memo:
        try:
            module.memo[key] = promotion(use, module)
        except REFUSALS:
            module.memo[key] = None
    found: Promotion | None = module.memo[key]
    return found


def promotion(use: Use, module: Module) -> Promotion:
    """What takes its place. Raises one of REFUSALS."""
    found = _alone(use, module)
    _refuse_company(found, module)
    return found


def _refuse_company(found: Promotion, module: Module) -> None:
    """A clause that catches several Timeouts changes for all of them, to the same, or for none."""
    limit, handler = found.limit, found.limit.catcher
    if handler is None or not _catching.names_any(handler, module):
        return
    block = next(
        node
        for node in (limit.block, *reversed(limit.use.parents))
        if isinstance(node, ast.Try) and handler in node.handlers
    )
    for other in module.names.uses:
        if other.api not in _catching.LIMITS or other.call is None or other is limit.use:
            continue
        inside = not set(other.parents).isdisjoint(block.body)
        if other.function is not limit.use.function or _limit.raises_no_timeout(other.call):
            continue
        if not inside and not _limit.is_limited_by(block, other):
            continue
        line = other.call.lineno
        try:
            company = _alone(other, module)
        except REFUSALS:
            raise NoLimit(_COMPANY.format(handler.lineno, line, "stays")) from None
        if company.limit.catcher is handler and company.natives != found.natives:
            raise NoLimit(_COMPANY.format(handler.lineno, line, "ends with another exception"))


_COMPANY = "the clause on line {} catches the Timeout on line {} as well, which {}"


def _alone(use: Use, module: Module) -> Promotion:
    """What takes its place as far as it is up to itself. Raises one of REFUSALS."""
    limit = _limit.limit_of(use, module)
    if isinstance(limit.block, ast.With) and _generator.yields(limit):
        return Promotion(limit, handed_on=_generator.handed_on(limit, module))
    if (nap := _nap.nap_of(limit, module)) is not None:
        return Promotion(limit, nap=nap)
    if (gather := _gather.gather(limit, module)) is not None:
        return Promotion(limit, gather=gather)
    try:
        return Promotion(limit, pauses=tuple(_loop.pauses_of(limit, module)))
    except NoLoop as no_loop:
        if _primitive.has_any(limit, module) and not _loop.pauses(limit, module):
            return Promotion(limit, primitives=_primitive.primitives(limit, module))
        try:
            return Promotion(limit, bounded=_bounded.bounded(limit, module))
        except NotBounded:
            if _loop.pauses(limit, module):
                raise no_loop from None
            raise
