"""`eventlet.db_pool` lends out connections of a DB-API driver.

SQLAlchemy's `QueuePool` does the same for threads, for any driver and without the rest of
SQLAlchemy. `max_size` is `pool_size` with `max_overflow=0`, `max_age` is `recycle`, the last
connection that came back is lent first, and a connection is rolled back when it comes back.
A driver may have a pool of its own, such as that of psycopg.

`TpooledConnectionPool` ran the driver in native threads; every pool does that now.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT732"
_WHY = "the pool makes green threads wait for connections, and lets a timer of the hub close them"
_MODULE = "eventlet.db_pool"
_ADVICE = {
    _MODULE: "use sqlalchemy.pool.QueuePool(connect, pool_size=max_size, max_overflow=0, "
    "timeout=…, recycle=max_age, use_lifo=True), or the driver's own pool: close() of a connection "
    "gives it back, get() is connect()",
    f"{_MODULE}.ConnectTimeout": "catch what the driver raises for its own connect_timeout, and "
    "sqlalchemy.exc.TimeoutError where the pool is exhausted",
    f"{_MODULE}.DatabaseConnector": "keep a dict of pools by host and database name",
    f"{_MODULE}.cleanup_rollback": 'leave it out: reset_on_return="rollback" is the default',
    f"{_MODULE}.GenericConnectionWrapper": "wrap nothing: a pool's connection passes calls on",
    f"{_MODULE}.PooledConnectionWrapper": "wrap nothing: a pool's connection passes calls on, and "
    "its close() gives it back",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_QUEUE_POOL = '''\
from sqlalchemy.pool import QueuePool


class ConnectionPool:
    """Connections of a DB-API driver, for threads."""

    def __init__(self, module, *args, max_size=4, max_age=30, timeout=30, **kwargs):
        self.pool = QueuePool(
            lambda: module.connect(*args, **kwargs),
            pool_size=max_size,
            max_overflow=0,
            timeout=timeout,  # raises sqlalchemy.exc.TimeoutError; eventlet waited for ever
            recycle=max_age,
            use_lifo=True,
        )

    def get(self):
        return self.pool.connect()  # its close() gives it back, rolled back

    def put(self, connection):
        connection.close()

    def clear(self):
        self.pool.dispose()
'''
_STDLIB = '''\
import contextlib
import queue
import threading
import time


class ConnectionPool:
    """Connections of a DB-API driver, for threads; those of a certain age are closed."""

    def __init__(self, connect, max_size=4, max_age=30):
        self.connect = connect
        self.max_age = max_age
        self.slots = threading.BoundedSemaphore(max_size)
        self.free = queue.LifoQueue()

    @contextlib.contextmanager
    def item(self, timeout=None):
        """Lend a connection; raises TimeoutError where none is free in time."""
        if not self.slots.acquire(timeout=timeout):
            raise TimeoutError("no connection is free")
        try:
            connection, since = self._get()
            try:
                yield connection
            except BaseException:
                connection.close()  # it may be in any state
                raise
            connection.rollback()
            self.free.put((connection, since))
        finally:
            self.slots.release()

    def _get(self):
        while True:
            try:
                connection, since = self.free.get_nowait()
            except queue.Empty:
                return self.connect(), time.monotonic()
            if time.monotonic() - since < self.max_age:
                return connection, since
            connection.close()
'''

_EXAMPLE = """\
import MySQLdb
from eventlet import db_pool

POOL = db_pool.ConnectionPool(MySQLdb, max_size=10, host="db", user="pkg")


def query(text):
    connection = POOL.get()
    try:
        return connection.cursor().execute(text)
    finally:
        POOL.put(connection)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="pools of database connections are left, with a pool for threads",
    apis=frozenset({f"{_MODULE}.*"}),
    match=match,
    references=("DBP-1",),
    sketches={
        "the same with SQLAlchemy's pool": _QUEUE_POOL,
        "the same with the standard library alone": _STDLIB,
    },
    before=_EXAMPLE,
    after=_EXAMPLE,
)
