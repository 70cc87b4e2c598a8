"""What becomes of oslo.db's wrapper and oslo.log's mutex."""

from __future__ import annotations

from pathlib import Path

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CODEMOD = str(Path(__file__).with_name("oslo.py"))

CASES = [
    # --- what only looks like it ---
    noop("another wrapper", "from other import concurrency as c\n\nc.TpoolDbapiWrapper(a, b)\n"),
    noop("the plain API", "from oslo_db import api\n\nIMPL = api.DBAPI.from_config(CONF)\n"),
    noop("oslo.db's options", "from oslo_db import concurrency\n\nconcurrency.list_opts()\n"),
    # --- what is told ---
    manual(
        "a class of its own",
        """
        from oslo_db import concurrency


        class Wrapper(concurrency.TpoolDbapiWrapper):
            pass
        """,
        says="not called here",
        force=True,
    ),
    manual(
        "arguments that cannot be seen",
        "from oslo_db import concurrency\n\nIMPL = concurrency.TpoolDbapiWrapper(*given)\n",
        says="can be seen",
        force=True,
    ),
    manual(
        "the mutex",
        "from oslo_log import pipe_mutex\n\nlock = pipe_mutex.PipeMutex()\n",
        says="oslo.log's mutex",
    ),
    # --- what is rewritten ---
    fixes(
        "by position",
        """
        from oslo_db import concurrency as db_concurrency

        IMPL = db_concurrency.TpoolDbapiWrapper(CONF, _BACKEND_MAPPING)  # the database
        """,
        """
        from oslo_db import api

        IMPL = api.DBAPI.from_config(CONF, _BACKEND_MAPPING, lazy=True)  # the database
        """,
        checks=["C-EARLY"],
        force=True,
    ),
    fixes(
        "on two lines",
        """
        from oslo_db.concurrency import TpoolDbapiWrapper

        IMPL = TpoolDbapiWrapper(CONF,
                                 backend_mapping={'sqlalchemy': 'shop.db'})
        """,
        """
        from oslo_db import api

        IMPL = api.DBAPI.from_config(CONF,
                                 backend_mapping={'sqlalchemy': 'shop.db'}, lazy=True)
        """,
        checks=["C-EARLY"],
        force=True,
    ),
    fixes(
        "an import that is needed",
        """
        from oslo_db import concurrency

        OPTIONS = concurrency.tpool_opts
        IMPL = concurrency.TpoolDbapiWrapper(CONF, conf_mapping)
        """,
        """
        from oslo_db import api
        from oslo_db import concurrency

        OPTIONS = concurrency.tpool_opts
        IMPL = api.DBAPI.from_config(CONF, conf_mapping, lazy=True)
        """,
        checks=["C-EARLY"],
        force=True,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_oslo(case: Case) -> None:
    check(case, CODEMOD)
