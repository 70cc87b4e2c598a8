from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

#: The questions where the argument goes, where the name becomes the other one.
GONE = ["C-ATOM", "C-BOUND", "C-VERSION"]
NAMED = ["C-ATOM", "C-FLOW"]

#: A module of the project whose call passes the argument, and one that computes it.
PASSES = """
import oslo_messaging as messaging


def get_server(target, endpoints):
    return messaging.get_rpc_server(
        TRANSPORT, target, [Wrapper(e()) for e in endpoints], executor='eventlet')
"""
COMPUTES = """
import oslo_messaging as messaging


def get_server(target, endpoints):
    executor = choose()
    return messaging.get_rpc_server(TRANSPORT, target, endpoints, executor=executor)
"""

STARTS = """
from oslo_service import service


def main(server):
    service.launch(CONF, server, workers=4).wait()
"""

TEST = """
from unittest import mock

import oslo_messaging as messaging

from pkg import rpc


@mock.patch.object(messaging, 'get_rpc_server')
def test_get_server(mock_get):
    rpc.get_server('target', [])
    mock_get.assert_called_once_with(
        mock.ANY, 'target', [], executor='eventlet')
"""

CASES = [
    # --- what it is not about ---------------------------------------------------------------
    noop(
        "the threaded executor",
        """
        import oslo_messaging as messaging


        def serve(transport, target, endpoints):
            return messaging.get_rpc_server(transport, target, endpoints, executor='threading')
        """,
    ),
    noop(
        "no executor",
        """
        import oslo_messaging as messaging

        # the eventlet executor is chosen where threads are patched


        def serve(transport, target, endpoints):
            return messaging.get_rpc_server(transport, target, endpoints)
        """,
    ),
    noop(
        "an executor that is computed",
        """
        import oslo_messaging as messaging


        def serve(transport, target, endpoints, conf):
            # eventlet or threading
            return messaging.get_rpc_server(
                transport, target, endpoints, executor=conf.rpc_executor)
        """,
    ),
    noop("prose", '"""Uses the eventlet executor."""\nHELP = "the executor: eventlet"\n'),
    noop("part of a name", "MODULE = 'pkg.executors.eventlet_executor'\n"),
    noop(
        "a project's own package",
        "NAME = 'eventlet'\n",
        files={"eventlet/__init__.py": ""},
    ),
    # --- what it leaves ---------------------------------------------------------------------
    manual(
        "a function of another library",
        """
        from workers import get_rpc_server


        def serve(endpoints):
            return get_rpc_server(endpoints, executor='eventlet')
        """,
        says="goes to code that is not known",
    ),
    manual(
        "the library may be another one",
        """
        try:
            import oslo_messaging as messaging
        except ImportError:
            from pkg import fake as messaging


        def serve(transport, target, endpoints):
            return messaging.get_rpc_server(transport, target, endpoints, executor='eventlet')
        """,
        says="goes to code that is not known",
    ),
    manual(
        "a parameter hides the library",
        """
        import oslo_messaging as messaging


        def serve(messaging, target, endpoints):
            return messaging.get_rpc_server(None, target, endpoints, executor='eventlet')
        """,
        says="goes to code that is not known",
    ),
    manual(
        "arguments that are put together before",
        """
        import oslo_messaging as messaging


        def serve(transport, target, endpoints):
            options = dict(executor='eventlet')
            return messaging.get_rpc_server(transport, target, endpoints, **options)
        """,
        says="goes to code that is not known",
    ),
    manual(
        "one of two modes",
        """
        import oslo_messaging as messaging


        def serve(transport, target, endpoints, threads):
            executor = 'threading' if threads else 'eventlet'
            return messaging.get_rpc_server(transport, target, endpoints, executor=executor)
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "a comparison",
        """
        def make(executor):
            return Green() if executor == 'eventlet' else Native()
        """,
        says="the string 'eventlet' names a mode of the program itself",
    ),
    manual(
        "another argument of the library",
        """
        import oslo_messaging as messaging


        def target():
            return messaging.Target(topic='eventlet')
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "stars before a position",
        """
        import oslo_messaging as messaging


        def serve(*args):
            return messaging.get_rpc_server(*args, 'eventlet')
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "nothing is patched and green threads remain",
        """
        import eventlet
        import oslo_messaging as messaging


        def serve(transport, target, endpoints):
            eventlet.serve(sock, print)
            return messaging.get_rpc_server(transport, target, endpoints, executor='eventlet')
        """,
        monkey_patched="no",
        says="does not cover thread",
    ),
    manual(
        "an assertion of a test that replaces something else",
        TEST.replace("(messaging, 'get_rpc_server')", "(rpc, 'get_server')"),
        says="the test does not say",
        path="pkg/tests/test_rpc.py",
        files={"pkg/rpc.py": PASSES},
    ),
    manual(
        "an assertion about a call that computes the executor",
        TEST,
        says="other calls of the project compute it",
        path="pkg/tests/test_rpc.py",
        files={"pkg/rpc.py": COMPUTES, "pkg/other.py": PASSES},
    ),
    manual(
        "an assertion about a call that is not in the project",
        TEST,
        says="no call in the code of the project passes it",
        path="pkg/tests/test_rpc.py",
        files={"pkg/rpc.py": ""},
    ),
    manual("an assertion by itself", TEST, says="no call that passes it is in sight"),
    manual(
        "a default of which nothing more is known",
        """
        class Server:
            def run(self, executor='eventlet'):
                self.worker = self.load(executor)
        """,
        says="the parameter's default",
    ),
    manual(
        "a default that is read beside the call",
        """
        import oslo_messaging as messaging


        def run(transport, target, endpoints, *, executor='eventlet'):
            if executor != 'threading':
                tune()
            return messaging.get_rpc_server(transport, target, endpoints, executor=executor)
        """,
        says="the parameter's default",
    ),
    manual(
        "the default of another parameter",
        """
        def run(mode='eventlet', executor=None):
            return mode
        """,
        says="the string 'eventlet' names eventlet",
    ),
    manual(
        "an option without choices",
        """
        from oslo_config import cfg

        OPTS = [cfg.StrOpt('rpc_executor', default='eventlet', help='Executor.')]
        """,
        says="the option's default",
    ),
    manual(
        "an option that is not about executors",
        """
        from oslo_config import cfg

        OPTS = [cfg.StrOpt('async_mode', default='eventlet', choices=('eventlet', 'threading'))]
        """,
        says="the string 'eventlet' names eventlet",
    ),
    # --- where the argument goes ------------------------------------------------------------
    fixes(
        "a server of RPC",
        """
        import oslo_messaging as messaging


        def serve(transport, target, endpoints, serializer):
            return messaging.get_rpc_server(transport,
                                            target,
                                            endpoints,
                                            executor='eventlet',
                                            serializer=serializer)
        """,
        """
        import oslo_messaging as messaging


        def serve(transport, target, endpoints, serializer):
            return messaging.get_rpc_server(transport,
                                            target,
                                            endpoints,
                                            serializer=serializer)
        """,
        checks=GONE,
    ),
    fixes(
        "the last argument of a line, where the two lines are too long for one",
        """
        import oslo_messaging as messaging


        def serve(target, endpoints, dispatcher):
            return messaging.get_rpc_server(
                TRANSPORT, target, endpoints, executor='eventlet',
                access_policy=dispatcher.DefaultRPCAccessPolicy)
        """,
        """
        import oslo_messaging as messaging


        def serve(target, endpoints, dispatcher):
            return messaging.get_rpc_server(
                TRANSPORT, target, endpoints,
                access_policy=dispatcher.DefaultRPCAccessPolicy)
        """,
        checks=GONE,
    ),
    fixes(
        "listeners of notifications",
        """
        import oslo_messaging


        def listen(transport, targets, endpoints):
            one = oslo_messaging.get_notification_listener(
                transport, targets, endpoints, executor="eventlet", pool=None)
            many = oslo_messaging.get_batch_notification_listener(
                transport, targets, endpoints, executor="eventlet")
            return one, many
        """,
        """
        import oslo_messaging


        def listen(transport, targets, endpoints):
            one = oslo_messaging.get_notification_listener(
                transport, targets, endpoints, pool=None)
            many = oslo_messaging.get_batch_notification_listener(
                transport, targets, endpoints)
            return one, many
        """,
        checks=GONE,
    ),
    fixes(
        "the last of several lines, with a comma",
        """
        from oslo_messaging import get_rpc_server


        def serve(transport, target, endpoints):
            return get_rpc_server(
                transport,
                target,
                endpoints,
                executor='eventlet',
            )
        """,
        """
        from oslo_messaging import get_rpc_server


        def serve(transport, target, endpoints):
            return get_rpc_server(
                transport,
                target,
                endpoints,
            )
        """,
        checks=GONE,
    ),
    fixes(
        "the last of several lines, without one",
        """
        from oslo_messaging.rpc import server


        def serve(transport, target, endpoints):
            return server.get_rpc_server(
                transport,
                target,
                endpoints,
                executor='eventlet'
            )
        """,
        """
        from oslo_messaging.rpc import server


        def serve(transport, target, endpoints):
            return server.get_rpc_server(
                transport,
                target,
                endpoints
            )
        """,
        checks=GONE,
    ),
    fixes(
        "comments around it",
        """
        import oslo_messaging


        def serve(transport, target, endpoints):
            return oslo_messaging.get_rpc_server(
                transport,  # the default one
                target,
                # see the documentation
                executor='eventlet',  # as all services
                # none are shared
                endpoints=endpoints,
            )
        """,
        """
        import oslo_messaging


        def serve(transport, target, endpoints):
            return oslo_messaging.get_rpc_server(
                transport,  # the default one
                target,
                # see the documentation
                # as all services
                # none are shared
                endpoints=endpoints,
            )
        """,
        checks=GONE,
    ),
    fixes(
        "a comment behind it and the argument before",
        """
        import oslo_messaging


        def serve(transport, target, endpoints):
            return oslo_messaging.get_rpc_server(
                transport, target, executor='eventlet',  # as all services
                endpoints=endpoints)
        """,
        """
        import oslo_messaging


        def serve(transport, target, endpoints):
            return oslo_messaging.get_rpc_server(
                transport, target,  # as all services
                endpoints=endpoints)
        """,
        checks=GONE,
    ),
    fixes(
        "the first of several",
        """
        import oslo_messaging


        def serve(given):
            return oslo_messaging.get_rpc_server(executor='eventlet',  # as all services
                                                 **given)
        """,
        """
        import oslo_messaging


        def serve(given):
            return oslo_messaging.get_rpc_server(  # as all services
                                                 **given)
        """,
        checks=GONE,
    ),
    fixes(
        "by position, as the last",
        """
        import oslo_messaging


        def serve(transport, target, endpoints):
            return oslo_messaging.get_rpc_server(transport, target, endpoints, 'eventlet')
        """,
        """
        import oslo_messaging


        def serve(transport, target, endpoints):
            return oslo_messaging.get_rpc_server(transport, target, endpoints)
        """,
        checks=GONE,
    ),
    fixes(
        "by position, with more behind it",
        """
        import oslo_messaging


        def serve(transport, target, endpoints, serializer):
            return oslo_messaging.get_rpc_server(
                transport, target, endpoints, 'eventlet', serializer)
        """,
        """
        import oslo_messaging


        def serve(transport, target, endpoints, serializer):
            return oslo_messaging.get_rpc_server(
                transport, target, endpoints, None, serializer)
        """,
        checks=GONE,
    ),
    fixes(
        "made before workers are started",
        """
        import oslo_messaging


        class Service:
            def __init__(self, transport, target):
                self.server = oslo_messaging.get_rpc_server(
                    transport, target, [self], executor='eventlet')
        """,
        """
        import oslo_messaging


        class Service:
            def __init__(self, transport, target):
                self.server = oslo_messaging.get_rpc_server(
                    transport, target, [self])
        """,
        checks=[*GONE, "C-FORK"],
        path="pkg/service.py",
        files={"pkg/cmd.py": STARTS},
    ),
    fixes(
        "made after workers are started",
        """
        import oslo_messaging


        class Service:
            def start(self):
                self.server = oslo_messaging.get_rpc_server(
                    self.transport, self.target, [self], executor='eventlet')
        """,
        """
        import oslo_messaging


        class Service:
            def start(self):
                self.server = oslo_messaging.get_rpc_server(
                    self.transport, self.target, [self])
        """,
        checks=GONE,
        path="pkg/service.py",
        files={"pkg/cmd.py": STARTS},
    ),
    # --- assertions -------------------------------------------------------------------------
    fixes(
        "an assertion follows",
        TEST,
        TEST.replace(", executor='eventlet'", ""),
        checks=["C-FLOW"],
        path="pkg/tests/test_rpc.py",
        files={"pkg/rpc.py": PASSES},
    ),
    fixes(
        "calls that are expected, under a patch by name",
        """
        from unittest import mock

        from pkg import rpc


        class TestServers:
            def test_two(self):
                with mock.patch('oslo_messaging.get_rpc_server') as get:
                    rpc.get_server('a', [])
                    rpc.get_server('b', [])
                    get.assert_has_calls([
                        mock.call(mock.ANY, 'a', [], executor='eventlet'),
                        mock.call(mock.ANY, 'b', [], executor='eventlet'),
                    ])
        """,
        """
        from unittest import mock

        from pkg import rpc


        class TestServers:
            def test_two(self):
                with mock.patch('oslo_messaging.get_rpc_server') as get:
                    rpc.get_server('a', [])
                    rpc.get_server('b', [])
                    get.assert_has_calls([
                        mock.call(mock.ANY, 'a', []),
                        mock.call(mock.ANY, 'b', []),
                    ])
        """,
        checks=["C-FLOW"],
        path="pkg/tests/test_rpc.py",
        files={"pkg/rpc.py": PASSES},
    ),
    fixes(
        "the class replaces it for all tests",
        """
        from unittest import mock

        import oslo_messaging

        from pkg import rpc


        @mock.patch.object(oslo_messaging, 'get_rpc_server')
        class TestServers:
            def test_one(self, get):
                rpc.get_server('a', [])
                get.assert_called_with(
                    mock.ANY, 'a', [],
                    executor='eventlet',
                )
        """,
        """
        from unittest import mock

        import oslo_messaging

        from pkg import rpc


        @mock.patch.object(oslo_messaging, 'get_rpc_server')
        class TestServers:
            def test_one(self, get):
                rpc.get_server('a', [])
                get.assert_called_with(
                    mock.ANY, 'a', [],
                )
        """,
        checks=["C-FLOW"],
        path="pkg/tests/test_rpc.py",
        files={"pkg/rpc.py": PASSES},
    ),
    # --- where the name becomes the other one ------------------------------------------------
    fixes(
        "a default that goes to oslo.messaging only",
        """
        import oslo_messaging as messaging


        class Server:
            def run(self, executor='eventlet'):
                self.server = messaging.get_rpc_server(
                    self.transport, self.target, self.endpoints, executor=executor)
                self.server.start()
        """,
        """
        import oslo_messaging as messaging


        class Server:
            def run(self, executor='threading'):
                self.server = messaging.get_rpc_server(
                    self.transport, self.target, self.endpoints, executor=executor)
                self.server.start()
        """,
        checks=NAMED,
    ),
    fixes(
        "a default beside a caller who names threads",
        """
        class Server:
            def run(self, *, executor="eventlet"):
                raise NotImplementedError
        """,
        """
        class Server:
            def run(self, *, executor="threading"):
                raise NotImplementedError
        """,
        checks=NAMED,
        path="pkg/base.py",
        files={"pkg/serve.py": "def serve(server):\n    server.run(executor='threading')\n"},
    ),
    fixes(
        "an argument beside one that names threads",
        """
        def serve(one, two):
            one.run(executor='eventlet')
            two.run(executor='threading')
        """,
        """
        def serve(one, two):
            one.run(executor='threading')
            two.run(executor='threading')
        """,
        checks=NAMED,
    ),
    fixes(
        "an argument by position",
        """
        def test_workers(server):
            server.prepare('threading')
            server.prepare('eventlet')
        """,
        """
        def test_workers(server):
            server.prepare('threading')
            server.prepare('threading')
        """,
        checks=NAMED,
        path="pkg/tests/test_server.py",
        files={
            "pkg/server.py": "class Server:\n    def prepare(self, executor='x'):\n        pass\n"
        },
    ),
    fixes(
        "the default of an option with choices",
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(
            'rpc_executor',
            default='eventlet',
            choices=['eventlet', 'threading'],
            help='The executor, of green threads by default.')
        """,
        """
        from oslo_config import cfg

        OPT = cfg.StrOpt(
            'rpc_executor',
            default='threading',
            choices=['threading'],
            help='The executor, of green threads by default.')
        """,
        checks=NAMED,
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_rpc_executor(case: Case) -> None:
    check(case, "rpc-executor")
