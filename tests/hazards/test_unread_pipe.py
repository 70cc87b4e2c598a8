from __future__ import annotations

import pytest
from looking import lines_of, look

RUN = """
    import subprocess

    import eventlet


    def run(command):
        process = subprocess.Popen(command, stdout=subprocess.PIPE)
        {then}
    """

QUIET = {
    "it is read": "return process.communicate()",
    "its output is read": "data = process.stdout.read(); process.wait()",
    "it is given away": "return process",
    "it is kept": "self.process = process; process.wait()",
    "somebody else reads": "eventlet.spawn(drain, process); process.wait()",
    "nobody waits": "process.kill()",
}


@pytest.mark.parametrize("then", QUIET.values(), ids=QUIET.keys())
def test_it_says_nothing(then: str) -> None:
    assert look("unread-pipe", RUN.format(then=then)) == []


@pytest.mark.parametrize("where", ["stdin=subprocess.PIPE", "stdout=subprocess.DEVNULL", ""])
def test_other_pipes_are_fine(where: str) -> None:
    source = RUN.format(then="process.wait()").replace("stdout=subprocess.PIPE", where)
    assert look("unread-pipe", source) == []


@pytest.mark.parametrize("then", ["return process.wait()", "process.wait(5); process.kill()"])
def test_it_is_told(then: str) -> None:
    (hazard,) = look("unread-pipe", RUN.format(then=then))
    assert lines_of(hazard) == [("service.py", 7), ("service.py", 8)]


def test_it_may_be_waited_for_at_once() -> None:
    source = """
        import subprocess

        import eventlet


        def run(command):
            return subprocess.Popen(command, stderr=subprocess.PIPE).wait()
        """
    (hazard,) = look("unread-pipe", source)
    assert "stderr" in hazard.message
