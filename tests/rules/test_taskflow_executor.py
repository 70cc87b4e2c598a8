from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop(
        "native threads",
        """
        from taskflow import engines


        def run(flow):  # once greenthreaded
            engines.run(flow, engine='parallel', executor='threaded')
        """,
    ),
    noop("prose", 'HELP = "greenthreaded or threaded"\n'),
    noop("a name", "greenthreaded = True\n"),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a comparison",
        """
        def size(executor):
            return 1000 if executor == 'greenthreaded' else 8
        """,
        says="no argument of an engine",
    ),
    manual(
        "the choices of an option",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('engine_executor', choices=['greenthreaded', 'threaded'])
        """,
        says="no argument of an engine",
    ),
    manual("a constant", "EXECUTOR = 'greenthreaded'\n", says="no argument of an engine"),
    manual(
        "another key",
        "OPTIONS = {'kind': 'greenthreaded', 'executor': None}\n",
        says="no argument of an engine",
    ),
    manual(
        "a key itself",
        "SIZES = {'greenthreaded': 1000}\n",
        says="no argument of an engine",
    ),
    manual(
        "another argument",
        """
        from taskflow import engines


        def run(flow):
            engines.run(flow, engine='greenthreaded')
        """,
        says="no argument of an engine",
    ),
    manual(
        "nothing is patched and green threads remain",
        """
        import eventlet
        from taskflow import engines


        def run(flow):
            eventlet.serve(sock, print)
            engines.run(flow, executor='greenthreaded', engine='parallel')
        """,
        monkey_patched="no",
        says="does not cover thread",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "an engine with workers",
        """
        from taskflow import engines


        def load(flow, workers):
            return engines.load(
                flow, executor='greenthreaded', engine='parallel', max_workers=workers)
        """,
        """
        from taskflow import engines


        def load(flow, workers):
            return engines.load(
                flow, executor='threaded', engine='parallel', max_workers=workers)
        """,
        checks=["C-ATOM"],
    ),
    fixes(
        "an engine without",
        """
        import taskflow.engines


        def run(flow):
            taskflow.engines.run(flow, engine="parallel", executor="greenthreaded")
        """,
        """
        import taskflow.engines


        def run(flow):
            taskflow.engines.run(flow, engine="parallel", executor="threaded")
        """,
        checks=["C-ATOM", "C-BOUND"],
    ),
    fixes(
        "a mapping that may hold the workers",
        """
        from taskflow.engines import load


        def make(flow, **options):
            return load(flow, engine='parallel', executor='greenthreaded', **options)
        """,
        """
        from taskflow.engines import load


        def make(flow, **options):
            return load(flow, engine='parallel', executor='threaded', **options)
        """,
        checks=["C-ATOM", "C-BOUND"],
    ),
    fixes(
        "options that are put together before",
        """
        OPTIONS = {'engine': 'parallel', 'executor': 'greenthreaded', 'max_workers': 4}
        """,
        """
        OPTIONS = {'engine': 'parallel', 'executor': 'threaded', 'max_workers': 4}
        """,
        checks=["C-ATOM", "C-FLOW"],
    ),
    fixes(
        "an option that is set later",
        """
        def options(workers):
            found = {'engine': 'parallel'}
            if workers:
                found['executor'] = 'greenthreaded'  # see the option
            return found
        """,
        """
        def options(workers):
            found = {'engine': 'parallel'}
            if workers:
                found['executor'] = 'threaded'  # see the option
            return found
        """,
        checks=["C-ATOM", "C-BOUND", "C-FLOW"],
    ),
    fixes(
        "a test's assertion",
        """
        def test_load(mock_load, flow):
            mock_load.assert_called_once_with(
                flow, engine='parallel', executor='greenthreaded', max_workers=2)
        """,
        """
        def test_load(mock_load, flow):
            mock_load.assert_called_once_with(
                flow, engine='parallel', executor='threaded', max_workers=2)
        """,
        checks=["C-ATOM", "C-FLOW"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_taskflow_executor(case: Case) -> None:
    check(case, "taskflow-executor")
