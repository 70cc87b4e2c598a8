"""`DAGPool` runs tasks as soon as the results are there that they depend on.

`graphlib.TopologicalSorter` tells which tasks are ready, and an executor runs them. What a task
raises is raised by `run`, where a DAGPool wraps it in a PropagateError for each task that depends
on it. Keys that are posted from outside are results that are there from the start.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT742"
_WHY = "a DAGPool runs tasks as their inputs arrive and passes failures along"
_ADVICE = {
    "eventlet.dagpool": "ask graphlib.TopologicalSorter({key: depends}) which tasks are ready, and "
    "submit them to an executor; post(key, value) is a result that is given from the start. Or use "
    "taskflow",
    "eventlet.dagpool.Collision": "raise an error of the project's own where a key is in the dict "
    "of tasks already",
    "eventlet.dagpool.PropagateError": "catch what the task itself raises: result() of its future "
    "raises it",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_SKETCH = '''\
import graphlib
from concurrent import futures


def run(tasks, preloaded=(), max_workers=16):
    """Run tasks, `{key: (depends, function)}`, each with its key and the results it depends on.

    Gives the results by key. The first error is raised when the tasks that run have ended.
    """
    results = dict(preloaded)
    order = graphlib.TopologicalSorter({key: depends for key, (depends, _) in tasks.items()})
    order.prepare()
    running = {}
    with futures.ThreadPoolExecutor(max_workers) as executor:
        while order.is_active():
            for key in order.get_ready():
                if key in results:
                    order.done(key)
                    continue
                depends, function = tasks[key]
                inputs = {name: results[name] for name in depends}
                running[executor.submit(function, key, inputs)] = key
            for future in futures.wait(running, return_when=futures.FIRST_COMPLETED).done:
                key = running.pop(future)
                results[key] = future.result()
                order.done(key)
    return results
'''

_EXAMPLE = """\
from eventlet.dagpool import DAGPool


def build(graph, make):
    pool = DAGPool()
    pool.spawn_many(graph, make)
    return pool.wait()
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="DAGPools are left, with a topological sorter and an executor",
    apis=frozenset({"eventlet.dagpool.*"}),
    match=match,
    references=("DAG-1",),
    sketches={"tasks that wait for each other's results": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
