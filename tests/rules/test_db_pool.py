"""Pools of database connections."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "a pool of the project",
        """
        from pkg import db_pool

        import eventlet.event

        db_pool.ConnectionPool(1)
        """,
    ),
    noop(
        "a pool of SQLAlchemy",
        """
        import eventlet.event
        from sqlalchemy.pool import QueuePool

        QueuePool(connect)
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet db_pool'
        """,
    ),
    manual(
        "a pool",
        """
        from eventlet import db_pool

        pool = db_pool.ConnectionPool(module, max_size=10)
        """,
        says="ConnectionPool` is left",
    ),
    manual(
        "in native threads",
        """
        from eventlet.db_pool import TpooledConnectionPool

        pool = TpooledConnectionPool(module)
        """,
        says="TpooledConnectionPool` is left",
    ),
    manual(
        "a subclass",
        """
        from eventlet import db_pool


        class Pool(db_pool.BaseConnectionPool):
            pass
        """,
        says="BaseConnectionPool` is left",
    ),
    manual(
        "an exception",
        """
        from eventlet import db_pool


        def get(pool):
            try:
                return pool.get()
            except db_pool.ConnectTimeout:
                return None
        """,
        says="ConnectTimeout` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_db_pool(case: Case) -> None:
    check(case, "db-pool")
