from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop(
        "no eventlet among the choices",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=['blocking', 'threading'])  # no eventlet
        """,
    ),
    noop("prose", '"""Takes eventlet or threading."""\n'),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "no other choice is known",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('task_executor', choices=['eventlet', 'taskflow'])
        """,
        says="'threading' is none of them",
    ),
    manual(
        "choices with their descriptions",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=[('eventlet', 'green'), ('threading', 'native')])
        """,
        says="they are no plain list",
    ),
    manual(
        "an option that is not about executors",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('async_mode', choices=['eventlet', 'threading'])
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "another library's option",
        """
        from pkg import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=['eventlet', 'threading'])
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "a list that is put together before",
        """
        from oslo_config import cfg

        CHOICES = ['eventlet', 'threading']
        OPT = cfg.StrOpt('rpc_executor', choices=CHOICES)
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "the default stays in this run",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', default='eventlet', choices=['eventlet', 'threading'])
        """,
        steps=frozenset({3}),
        force=True,
        says="it is the default",
    ),
    manual(
        "a comment keeps the default",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(
            'rpc_executor',
            default='eventlet',  # eventlet-codemod: ignore[EVT402] until the next release
            choices=['eventlet', 'threading'])
        """,
        says="it is the default",
    ),
    manual(
        "other uses are left",
        """
        import eventlet
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=['eventlet', 'threading'])
        eventlet.serve(sock, print)
        """,
        says="must go first",
    ),
    # --- what it rewrites -------------------------------------------------------------------
    fixes(
        "the first of two",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=['eventlet', 'threading'])
        """,
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=['threading'])
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "the last of three, in a tuple",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(name='rpc_executor', choices=('threading', 'blocking', 'eventlet'))
        """,
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(name='rpc_executor', choices=('threading', 'blocking'))
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "one stays in a tuple",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=('threading', 'eventlet'))
        """,
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt('rpc_executor', choices=('threading',))
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "over several lines",
        """
        from oslo_config import cfg

        OPTS = [
            cfg.StrOpt(
                'rpc_executor',
                choices=[
                    'blocking',
                    'eventlet',
                    'threading',
                ],
            ),
        ]
        """,
        """
        from oslo_config import cfg

        OPTS = [
            cfg.StrOpt(
                'rpc_executor',
                choices=[
                    'blocking',
                    'threading',
                ],
            ),
        ]
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "imported by name",
        """
        from oslo_config.cfg import StrOpt

        OPT = StrOpt('rpc_executor', choices=['threading', 'eventlet'])
        """,
        """
        from oslo_config.cfg import StrOpt

        OPT = StrOpt('rpc_executor', choices=['threading'])
        """,
        checks=["C-FLOW"],
    ),
    fixes(
        "with the default, which goes before",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(
            'rpc_executor',
            default='eventlet',
            choices=['eventlet', 'blocking', 'threading'])
        """,
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(
            'rpc_executor',
            default='threading',
            choices=['blocking', 'threading'])
        """,
        checks=["C-FLOW"],
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_executor_choice(case: Case) -> None:
    check(case, "executor-choice")
