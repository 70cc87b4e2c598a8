"""Tasks that wait for each other's results."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a class of the project",
        """
        import eventlet.event
        from pkg import DAGPool

        DAGPool()
        """,
    ),
    noop(
        "a sorter",
        """
        import graphlib

        import eventlet.event

        graphlib.TopologicalSorter({})
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet dagpool'
        """,
    ),
    manual(
        "a pool",
        """
        from eventlet.dagpool import DAGPool

        pool = DAGPool({'a': 1})
        """,
        says="DAGPool` is left",
    ),
    manual(
        "its whole name",
        """
        import eventlet.dagpool

        pool = eventlet.dagpool.DAGPool()
        """,
        says="DAGPool` is left",
    ),
    manual(
        "an exception",
        """
        from eventlet import dagpool


        def run(pool):
            try:
                return pool.wait()
            except dagpool.PropagateError:
                return None
        """,
        says="PropagateError` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_dag_pool(case: Case) -> None:
    check(case, "dag-pool")
