from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, fixes, manual, noop

MAIN = "C-MAIN"


def test_class(inner: str, before: str = "import eventlet\nimport fixtures") -> str:
    """A test module with the lines of a class in it."""
    body = "\n".join(f"    {line}" if line else "" for line in inner.strip("\n").splitlines())
    return f"{before}\n\nfrom pkg import base\n\n\nclass TestIt(base.TestCase):\n{body}\n"


test_class.__test__ = False  # type: ignore[attr-defined]

USES = """
def setUp(self):
    self.useFixture(fixtures.NestedTempfile())
    self.limit = eventlet.Timeout({given})
    self.addCleanup(self.limit.cancel)
"""


def uses(given: str) -> str:
    return test_class(USES.format(given=given))


CASES = [
    noop(
        "somebody else's Timeout",
        """
        import eventlet.wsgi
        import fixtures


        class TestIt(Base):
            def setUp(self):
                self.useFixture(fixtures.Timeout(3, gentle=True))
        """,
    ),
    manual("a part of a second, which an alarm does not know", uses("0.5")),
    manual("a limit that is not known", uses("seconds")),
    manual("an exception of one's own", uses("5, ValueError")),
    manual("no limit to speak of", uses("0")),
    manual(
        "fixtures are not used here",
        test_class(
            """
def setUp(self):
    self.limit = eventlet.Timeout(3)
    self.addCleanup(self.limit.cancel)
""",
            "import eventlet",
        ),
    ),
    manual(
        "the test looks at it", uses("3") + "\n    def test(self):\n        self.limit.pending\n"
    ),
    manual(
        "nothing cancels it", uses("3").replace("        self.addCleanup(self.limit.cancel)\n", "")
    ),
    manual(
        "a test catches it",
        uses("3")
        + "\n    def test(self):\n        try:\n            work()\n"
        + "        except eventlet.Timeout:\n            pass\n",
    ),
    manual("not in setUp()", uses("3").replace("def setUp", "def start")),
    manual(
        "a class that derives from it knows the attribute",
        uses("3"),
        path="pkg/tests/base.py",
        files={"pkg/tests/test_a.py": "class TestA(base.TestIt):\n    limit = 1\n"},
    ),
    fixes(
        "the plain form",
        uses("3"),
        uses("3")
        .replace("import eventlet\n", "")
        .replace(
            "self.limit = eventlet.Timeout(3)", "self.useFixture(fixtures.Timeout(3, gentle=True))"
        )
        .replace("        self.addCleanup(self.limit.cancel)\n", ""),
        checks=[MAIN],
    ),
    fixes(
        "by keyword, and stopped in tearDown()",
        """
        import fixtures
        from eventlet import timeout


        class TestIt(Base):
            def setUp(self):
                self.useFixture(fixtures.NestedTempfile())
                # not for ever
                self.limit = timeout.Timeout(seconds=15)  # seconds

            def tearDown(self):
                super().tearDown()
                self.limit.cancel()
        """,
        """
        import fixtures


        class TestIt(Base):
            def setUp(self):
                self.useFixture(fixtures.NestedTempfile())
                # not for ever
                self.useFixture(fixtures.Timeout(15, gentle=True))  # seconds

            def tearDown(self):
                super().tearDown()
        """,
        checks=[MAIN],
    ),
    fixes(
        "other files of the project use fixtures",
        """
        import eventlet

        from pkg.tests import base


        class TestIt(base.TestCase):
            def setUp(self):
                super().setUp()
                self.limit = eventlet.Timeout(15)
                self.addCleanup(self.limit.cancel)
                self.jobs = []
        """,
        """
        import fixtures

        from pkg.tests import base


        class TestIt(base.TestCase):
            def setUp(self):
                super().setUp()
                self.useFixture(fixtures.Timeout(15, gentle=True))
                self.jobs = []
        """,
        checks=[MAIN],
        path="pkg/tests/test_a.py",
        files={
            "pkg/__init__.py": "",
            "pkg/tests/base.py": "import fixtures\n\nself.useFixture(fixtures.TempDir())\n",
        },
    ),
    fixes(
        "another class has an attribute of that name",
        uses("3") + "\n\nclass Other:\n    def run(self):\n        return self.limit\n",
        """
        import fixtures

        from pkg import base


        class TestIt(base.TestCase):
            def setUp(self):
                self.useFixture(fixtures.NestedTempfile())
                self.useFixture(fixtures.Timeout(3, gentle=True))


        class Other:
            def run(self):
                return self.limit
        """,
        checks=[MAIN],
    ),
    fixes(
        "the module of the library has another name here",
        """
        import eventlet
        import fixtures as fx


        class TestIt(Base):
            def setUp(self):
                self.useFixture(fx.NestedTempfile())
                self.limit = eventlet.Timeout(15)
                self.addCleanup(self.limit.cancel)
        """,
        """
        import fixtures as fx


        class TestIt(Base):
            def setUp(self):
                self.useFixture(fx.NestedTempfile())
                self.useFixture(fx.Timeout(15, gentle=True))
        """,
        checks=[MAIN],
    ),
    *(
        fixes(
            f"a limit of {seconds}",
            uses(str(seconds)),
            uses(str(seconds))
            .replace("import eventlet\n", "")
            .replace(
                f"self.limit = eventlet.Timeout({seconds})",
                f"self.useFixture(fixtures.Timeout({seconds}, gentle=True))",
            )
            .replace("        self.addCleanup(self.limit.cancel)\n", ""),
            checks=[MAIN],
        )
        for seconds in (1, 60)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_watchdog(case: Case) -> None:
    check(case, "timeout" if case.kind == "manual" else "watchdog")
