"""What becomes of files that only Python 2 can read."""

import textwrap

import pytest

from eventlet_codemod import StageError, load_codemod

pytest.importorskip("bowler")

BOUND = "`{}` may mean something else in this file, so its sleeps stay"
OTHER = "what this file takes from eventlet is known to no rule: it is Python 2"


def made_of(source):
    """The text after the codemod, and what it says with its lines."""
    text = textwrap.dedent(source).removeprefix("\n")
    done = load_codemod("python2").make_stage(None)(text, "a.py")
    return text, done.text, [(one.line, one.message) for one in done.remarks]


@pytest.mark.parametrize(
    "source",
    [
        "import eventlet\n\neventlet.sleep(1)  # Python 3 reads it\n",
        'print "nothing of eventlet"\n',
    ],
)
def test_what_is_not_its_business(source):
    text, new, said = made_of(source)
    assert (new, said) == (text, [])


@pytest.mark.parametrize(
    ("source", "line", "says"),
    [
        ("print 1\nimport eventlet as e\ne.sleep(1)\n", 2, OTHER),
        ("print 1\nfrom eventlet import sleep\nsleep(1)\n", 2, OTHER),
        ("print 1\nimport eventlet.wsgi\n", 2, OTHER),
        ("print 1\nimport eventlet\neventlet.spawn(f)\n", 3, OTHER),
        ("print 1\nimport eventlet\nf(eventlet)\n", 3, BOUND.format("eventlet")),
        ("print 1\nimport eventlet\neventlet = x\n", 3, BOUND.format("eventlet")),
        (
            "print 1\nimport eventlet\ndef f(eventlet):\n    eventlet.sleep(1)\n",
            3,
            BOUND.format("eventlet"),
        ),
        ("print 1\ntry:\n    import eventlet\nfinally:\n    pass\n", 3, BOUND.format("eventlet")),
        ("print 1\nimport eventlet\nfrom time import time\n", 3, BOUND.format("time")),
        (
            "print 1\nimport eventlet\ntime = 3\neventlet.sleep(time)\n",
            3,
            BOUND.format("time"),
        ),
    ],
)
def test_what_stays_is_told(source, line, says):
    text, new, said = made_of(source)
    assert (new, said) == (text, [(line, says)])


def test_a_sleep():
    _, new, said = made_of(
        """
        # -*- coding: utf-8 -*-
        # licence
        import eventlet
        import os

        def nap(x):
            try:
                print >>f, x
                eventlet.sleep( x )  # a while
            except OSError, error:
                eventlet.sleep()
        """
    )
    assert new == textwrap.dedent(
        """\
        # -*- coding: utf-8 -*-
        # licence
        import time
        import os

        def nap(x):
            try:
                print >>f, x
                time.sleep( x )  # a while
            except OSError, error:
                time.sleep(0)
        """
    )
    assert said == []


def test_time_is_there_already():
    _, new, said = made_of(
        """
        # licence
        import eventlet
        import time

        print time.time()
        eventlet.sleep(1)
        """
    )
    assert new == "# licence\nimport time\n\nprint time.time()\ntime.sleep(1)\n"
    assert said == []


def test_something_else_stays():
    _, new, said = made_of("import eventlet\nprint 1\neventlet.sleep(1)\neventlet.spawn(f)\n")
    assert new == "import time\nimport eventlet\nprint 1\ntime.sleep(1)\neventlet.spawn(f)\n"
    assert said == [(4, OTHER)]


def test_what_no_python_can_read():
    with pytest.raises(StageError, match="fissix cannot parse"):
        made_of("import eventlet\nprint (\n")
