"""`eventlet.green.profile` tells the time of one green thread from that of another.

`profile` and `cProfile` see the thread that they are started in. yappi sees every thread, and tells
them apart.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rule, leave_in_doubt

_CODE = "EVT734"
_MODULE = "eventlet.green.profile"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    if use.kind not in ("import", "reference"):
        return None
    if use.kind == "reference" and (doubt := leave_in_doubt(use)):
        return doubt
    return Leave(
        message=f"`{use.path}` stays: it profiled green threads, and cProfile sees one thread only",
        why="what is asked of a profile differs from program to program",
        advice="use cProfile for work in one thread, and yappi for all of them: `eventlet-codemod "
        f"explain {_CODE}` has code that runs",
    )


_ONE = '''\
import cProfile
import io
import pstats


def profiled(work, *args):
    """What a call gives, and where the time of its thread went."""
    profile = cProfile.Profile()
    result = profile.runcall(work, *args)
    out = io.StringIO()
    pstats.Stats(profile, stream=out).sort_stats("cumulative").print_stats(20)
    return result, out.getvalue()
'''
_ALL = '''\
import contextlib

import yappi


@contextlib.contextmanager
def profiled(write):
    """Write where the time of all threads went that ran meanwhile."""
    yappi.set_clock_type("wall")
    yappi.start(profile_threads=True)
    try:
        yield
    finally:
        yappi.stop()
        for thread in yappi.get_thread_stats():
            write(f"{thread.name} {thread.ttot:.3f} s")
            for function in yappi.get_func_stats(ctx_id=thread.id).sort("tsub")[:20]:
                write(f"  {function.full_name} {function.ncall} {function.ttot:.3f} s")
        yappi.clear_stats()
'''

_EXAMPLE = """\
from eventlet.green import profile


def measure(work):
    profile.runctx("work()", {}, {"work": work})
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="the profiler of green threads is left, with those for threads",
    apis=frozenset({_MODULE, f"{_MODULE}.*"}),
    match=match,
    references=("4.17",),
    sketches={"the time of one thread": _ONE, "the time of all threads, with yappi": _ALL},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
