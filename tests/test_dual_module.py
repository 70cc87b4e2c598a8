"""Runs over projects in dual mode: what is written, what waits, and what a second run finds."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections import Counter
from pathlib import Path

import pytest

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.discovery import discover
from eventlet_codemod.ledger import Finding
from eventlet_codemod.run import Result, run

SWITCH = Settings(monkey_patch="switch")
OPENSTACK = Settings(profile="openstack", monkey_patch="switch", import_style="one-per-line")

PATCHING = "import eventlet\neventlet.monkey_patch()\n\nfrom pkg import service\n"
PATCHED = "from pkg import monkey_patch\nmonkey_patch.patch()\n\nfrom pkg import service\n"

#: Two entry points, tests, and a use that stays.
PROJECT = {
    "pkg/__init__.py": "",
    "pkg/cmd/__init__.py": "",
    "pkg/cmd/api.py": PATCHING,
    "pkg/cmd/agent.py": PATCHING,
    "pkg/service.py": "import time\n",
    "pkg/tests/__init__.py": "import eventlet\neventlet.monkey_patch(os=False)\n",
    "requirements.txt": "eventlet>=0.30 # MIT\n",
}


def make(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(text))
    return root


def rewrite(root: Path, settings: Settings = SWITCH) -> Result:
    """Run the tool over a project, and write what it makes."""
    found = discover(root, [root], settings)
    result = run(root, found.files, settings, whole_project=True)
    for change in result.changes:
        assert change.entry.error is None, change.entry
        if change.deleted:
            (root / change.entry.path).unlink()
        elif change.new is not None:
            (root / change.entry.path).write_bytes(change.new)
    return result


def findings(result: Result, path: str = "") -> list[Finding]:
    return [f for c in result.changes if path in ("", c.entry.path) for f in c.entry.findings]


def texts(root: Path) -> dict[str, str]:
    files = [path for path in root.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    return {path.relative_to(root).as_posix(): path.read_text() for path in files}


def statuses(result: Result) -> Counter[str]:
    return Counter(finding.status for finding in findings(result))


def test_the_module_is_written_once_and_a_second_run_finds_nothing(tmp_path: Path) -> None:
    root = make(tmp_path, PROJECT)
    result = rewrite(root)
    assert (root / "pkg/cmd/api.py").read_text() == PATCHED
    assert (root / "pkg/cmd/agent.py").read_text() == PATCHED
    text = (root / "pkg/monkey_patch.py").read_text()
    assert text == dual.render("PKG_DISABLE_EVENTLET_PATCHING", oslo_service=False)
    (made,) = [change for change in result.changes if change.created]
    assert made.entry.path == "pkg/monkey_patch.py"
    assert "new file mode" in made.entry.patch
    assert statuses(result)["rewritten"] == 3
    again = rewrite(root)
    assert all(change.new is None for change in again.changes)
    assert statuses(again) == statuses(result) - Counter(rewritten=3)
    assert {f.status for f in findings(again, "pkg/monkey_patch.py")} == {"suppressed"}


def test_profile_openstack_names_the_variable_as_openstack_does(tmp_path: Path) -> None:
    files = {"pkg/service.py": "from oslo_service import service\n"}
    root = make(tmp_path, {**PROJECT, **files})
    rewrite(root, OPENSTACK)
    text = (root / "pkg/monkey_patch.py").read_text()
    assert text == dual.render("OS_PKG_DISABLE_EVENTLET_PATCHING", oslo_service=True)
    listed = (root / "requirements.txt").read_text()
    assert listed.startswith("eventlet>=0.30 # MIT\n"), "the module needs it"
    assert "oslo.service[threading]>=" in listed


def test_tox_runs_both_modes(tmp_path: Path) -> None:
    tox = "[testenv]\ncommands = stestr run\n"
    root = make(tmp_path / "one", {**PROJECT, "tox.ini": tox})
    rewrite(root, OPENSTACK)
    made = (root / "tox.ini").read_text()
    assert made.startswith(f"{tox}\n[testenv:threading]\n")
    assert made.endswith("  OS_PKG_DISABLE_EVENTLET_PATCHING = 1\n")
    again = make(tmp_path / "two", {**texts(root), "tox.ini": tox})  # taken out again
    rewrite(again, OPENSTACK)
    assert (again / "tox.ini").read_text() == tox


def test_a_mention_of_oslo_service_is_no_use_of_it(tmp_path: Path) -> None:
    files = {"pkg/log.py": "LEVELS = ['oslo_service.loopingcall=WARN']\n"}
    root = make(tmp_path, {**PROJECT, **files})
    rewrite(root)
    assert "oslo_service" not in (root / "pkg/monkey_patch.py").read_text()


@pytest.mark.parametrize(
    ("own", "rewritten"),
    [
        ("import eventlet\n\neventlet.monkey_patch()\n", 0),
        (f"# ours\n{dual.render('MODE', oslo_service=True)}", 3),
    ],
    ids=["patches by itself", "serves"],
)
def test_a_module_of_the_project_is_never_changed(own: str, rewritten: int, tmp_path: Path) -> None:
    root = make(tmp_path, {**PROJECT, "pkg/monkey_patch.py": own})
    assert statuses(rewrite(root))["rewritten"] == rewritten
    assert (root / "pkg/monkey_patch.py").read_text() == own


def test_a_module_without_a_package_fails_by_itself(tmp_path: Path) -> None:
    root = make(tmp_path, PROJECT)
    settings = Settings(monkey_patch="switch", monkey_patch_module="pkg.nowhere.mode")
    found = discover(root, [root], settings)
    result = run(root, found.files, settings, whole_project=True)
    (failed,) = [change.entry for change in result.changes if change.entry.status == "failed"]
    assert failed.error is not None
    assert failed.error.message == "there is no package pkg.nowhere here"
    command = [sys.executable, "-m", "eventlet_codemod", "diff", "--config", "monkey-patch=switch"]
    done = subprocess.run(
        [*command, "--config", "monkey-patch-module=pkg.nowhere.mode"],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 2
    assert "monkey-patch-module: pkg.nowhere.mode has no place" in " ".join(done.stderr.split())


def test_what_is_patched_is_the_same_in_a_second_run(tmp_path: Path) -> None:
    """Native threads are held back beside green ones, where threads are not patched."""
    files = {
        "pkg/__init__.py": "import eventlet\neventlet.monkey_patch(all=False, socket=True)\n",
        "pkg/lock.py": """\
            import eventlet
            from eventlet import semaphore

            LOCK = semaphore.Semaphore()


            def work(job):
                with LOCK, eventlet.Timeout(2):
                    job()
            """,
        "pkg/tests/test_patch.py": "import mock\nmock.patch('pkg.monkey_patch.patch')\n",
    }
    root = make(tmp_path, files)
    told = [(f.line, f.status, f.message) for f in findings(rewrite(root), "pkg/lock.py")]
    assert "monkey_patch() does not cover thread here" in str(told)
    assert "monkey_patch.patch(all=False, socket=True)" in (root / "pkg/__init__.py").read_text()
    again = [(f.line, f.status, f.message) for f in findings(rewrite(root), "pkg/lock.py")]
    assert again == told


END = """\
    import eventlet
    from eventlet import hubs, patcher, tpool

    threading = patcher.original("threading")
    tpool.set_num_threads(4)


    def start(driver):
        hubs.use_hub("poll")
        ftplib = eventlet.import_patched("ftplib")
        return tpool.execute(driver, ftplib)
    """


@pytest.mark.parametrize("force", [False, True])
def test_what_belongs_to_the_end_of_patching_stays(force: bool, tmp_path: Path) -> None:
    root = make(tmp_path, {**PROJECT, "pkg/service.py": END})
    result = rewrite(root, Settings(monkey_patch="switch", force=force))
    assert (root / "pkg/service.py").read_text() == textwrap.dedent(END)
    for finding in findings(result, "pkg/service.py"):
        assert (finding.status, finding.tier) == ("left", "manual")
        if finding.name == "tpool-helper":
            assert "`helpers` names no module for the wrapper" in finding.message
        else:
            assert "both modes stay" in finding.message
            assert "`is_patched()` says so" in finding.advice
    # ... and would not, if one mode was left
    other = make(tmp_path / "other", {**PROJECT, "pkg/service.py": END})
    rewrite(other, Settings(monkey_patch="remove"))
    assert "eventlet" not in (other / "pkg/service.py").read_text()


MODES = """\
    from eventlet import patcher

    threading = patcher.original("threading")


    def start(green, native):
        if patcher.is_monkey_patched("thread"):
            green()
        else:
            native()
    """


ON_OSLO = f"from oslo_service import service\n{textwrap.dedent(END)}"


@pytest.mark.parametrize("value", ["keep", "remove", "init-backend"])
@pytest.mark.parametrize("service", [textwrap.dedent(MODES), ON_OSLO], ids=["modes", "oslo"])
def test_dual_mode_comes_to_its_end(value: str, service: str, tmp_path: Path) -> None:
    """What two runs make is what one would have made, and the module is gone."""
    files = {**PROJECT, "pkg/service.py": service}
    settings = Settings(monkey_patch=value)  # type: ignore[arg-type]
    at_once = make(tmp_path / "one", files)
    rewrite(at_once, settings)
    assert not [name for name, text in texts(at_once).items() if "eventlet" in text]
    both = make(tmp_path / "two", files)
    rewrite(both)
    ended = make(tmp_path / "three", texts(both))
    result = rewrite(ended, settings)
    code = [{n: t for n, t in texts(p).items() if n.endswith(".py")} for p in (ended, at_once)]
    assert code[0] == code[1]
    assert not [name for name, text in texts(ended).items() if "eventlet" in text]
    (gone,) = [change for change in result.changes if change.deleted]
    assert gone.entry.path == "pkg/monkey_patch.py"
    assert "\ndeleted file mode 100644\n" in gone.entry.patch
    assert {(f.status, f.tier, f.rule) for f in gone.entry.findings} == {
        ("rewritten", "review", "EVT511")
    }
    assert "set PKG_DISABLE_EVENTLET_PATCHING" in gone.entry.findings[0].advice


def switched(tmp_path: Path) -> dict[str, str]:
    """The files of the project in dual mode, for another directory: runs keep what they know."""
    root = make(tmp_path / "one", PROJECT)
    rewrite(root)
    return texts(root)


STILL = {
    "a module": "from pkg import monkey_patch\n\nprint(monkey_patch.VARIABLE)\n",
    "one of several": "from pkg import (\n    cmd,\n    monkey_patch,\n)\n\nprint(monkey_patch)\n",
    "a relative one": "from . import monkey_patch\n\nprint(monkey_patch.VARIABLE)\n",
    "a name of it": "from .monkey_patch import VARIABLE\n\nprint(VARIABLE)\n",
    "a string": "MODULE = 'pkg.monkey_patch'\n",
}


@pytest.mark.parametrize("code", STILL.values(), ids=STILL)
def test_a_module_that_code_still_imports_stays(code: str, tmp_path: Path) -> None:
    root = make(tmp_path / "two", {**switched(tmp_path), "pkg/service.py": code})
    result = rewrite(root, Settings(monkey_patch="remove"))
    assert not [change for change in result.changes if change.deleted]
    assert "pkg/monkey_patch.py" in texts(root)


@pytest.mark.parametrize(
    "given",
    [{"ignore": ("EVT511",)}, {"steps": frozenset({1, 2})}, {"safe_only": True}],
    ids=["ignored", "step", "safe"],
)
def test_a_module_goes_only_where_that_is_asked_for(
    given: dict[str, object], tmp_path: Path
) -> None:
    idle = dict.fromkeys(("pkg/cmd/api.py", "pkg/cmd/agent.py", "pkg/tests/__init__.py"), "")
    root = make(tmp_path / "two", {**switched(tmp_path), **idle})
    settings = Settings(monkey_patch="remove", **given)  # type: ignore[arg-type]
    assert not [change for change in rewrite(root, settings).changes if change.deleted]


def test_a_module_that_was_edited_stays(tmp_path: Path) -> None:
    files = switched(tmp_path)
    files["pkg/monkey_patch.py"] += "\n\ndef more():\n    pass\n"
    root = make(tmp_path / "two", files)
    result = rewrite(root, Settings(monkey_patch="remove"))
    assert not [change for change in result.changes if change.deleted]
    told = [f.message for f in findings(result, "requirements.txt")]
    assert any("pkg/monkey_patch.py" in message for message in told)


def test_a_module_that_nothing_calls_goes_by_itself(tmp_path: Path) -> None:
    idle = dict.fromkeys(("pkg/cmd/api.py", "pkg/cmd/agent.py", "pkg/tests/__init__.py"), "")
    root = make(tmp_path / "two", {**switched(tmp_path), **idle})
    (gone,) = [change for change in rewrite(root, Settings()).changes if change.deleted]
    assert gone.entry.path == "pkg/monkey_patch.py"
    assert not (root / "requirements.txt").read_text()


def test_the_end_of_dual_mode_waits_like_that_of_patching(tmp_path: Path) -> None:
    held = f"import eventlet\n{textwrap.dedent(MODES)}\n\nLIMIT = eventlet.Timeout(3)\n"
    root = make(tmp_path / "one", {**PROJECT, "pkg/service.py": held})
    rewrite(root)
    again = make(tmp_path / "two", texts(root))
    result = rewrite(again, Settings(monkey_patch="keep"))
    assert texts(again) == texts(root)
    (finding,) = findings(result, "pkg/cmd/api.py")
    assert finding.message == "left: eventlet.timeout.Timeout (pkg/service.py:16) must go first"


def test_tpool_goes_to_the_helpers_whatever_its_setting_says(tmp_path: Path) -> None:
    source = (
        "from eventlet import tpool\n\n\ndef read(path):\n    return tpool.execute(open, path)\n"
    )
    root = make(tmp_path, {**PROJECT, "pkg/service.py": source})
    rewrite(root, Settings(monkey_patch="switch", helpers="pkg.concurrency"))
    assert "concurrency.tpool_execute(open, path)" in (root / "pkg/service.py").read_text()


@pytest.mark.parametrize(
    ("code", "advice"),
    [
        ("model.choose('eventlet')", "`is_patched()` choose: this word where it says so"),
        (
            "for hub in (hubs.get_hub(),):\n    print(hub)",
            "only where the project's `is_patched()`",
        ),
        ("name = patcher.original(NAME)", "only where the project's `is_patched()`"),
        ("patched = patcher.slurp_properties", "with the last use of eventlet"),
    ],
)
def test_advice_is_for_two_modes(code: str, advice: str, tmp_path: Path) -> None:
    source = f"from eventlet import hubs, patcher\n\n{code}\n"
    root = make(tmp_path, {**PROJECT, "pkg/service.py": source})
    told = [f for f in findings(rewrite(root), "pkg/service.py") if f.line > 2]
    assert (root / "pkg/service.py").read_text() == source
    assert advice in told[0].advice


def test_what_does_no_harm_on_threads_asks_for_nothing(tmp_path: Path) -> None:
    source = """\
        from oslo_utils import eventletutils

        eventletutils.warn_eventlet_not_patched(["thread"])
        LOG_LEVELS = ["eventlet.wsgi.server=WARN", "amqp=WARN"]
        """
    root = make(tmp_path, {**PROJECT, "pkg/service.py": source})
    result = rewrite(root)
    told = findings(result, "pkg/service.py")
    assert len(told) == 2
    assert all("it does no harm on native threads" in finding.advice for finding in told)


def test_tests_follow(tmp_path: Path) -> None:
    files = {
        "pkg/app.py": """\
            import eventlet


            def main():
                eventlet.monkey_patch(os=False)
                return eventlet.patcher.is_monkey_patched("thread")
            """,
        "pkg/tests/test_app.py": """\
            from unittest import mock

            from pkg import app


            @mock.patch("eventlet.patcher.is_monkey_patched", return_value="maybe")
            @mock.patch("pkg.app.eventlet.monkey_patch")
            def test_main(patch, is_patched):
                assert app.main() == "maybe"
                patch.assert_called_once_with(os=False)
                is_patched.assert_called_once_with("thread")
            """,
    }
    root = make(tmp_path, {**PROJECT, **files})
    rewrite(root)
    test = (root / "pkg/tests/test_app.py").read_text()
    assert '@mock.patch("pkg.app.monkey_patch.patch")' in test
    assert '@mock.patch("pkg.app.monkey_patch.is_patched", return_value="maybe")' in test
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "pkg/tests/test_app.py"],
        cwd=root,
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout


def test_helpers_that_know_the_mode_hold_nothing_up(tmp_path: Path) -> None:
    """Their question whether eventlet is there is no use that is left."""
    source = """\
        import eventlet
        from eventlet import tpool


        def read(path):
            eventlet.sleep(0)
            return tpool.execute(open, path)
        """
    held = "import eventlet\n\nLIMIT = eventlet.Timeout(3)\n"
    settings = Settings(tpool="helper", sleep_zero="helper", helpers="pkg.concurrency")
    files = {**PROJECT, "pkg/service.py": source, "pkg/held.py": held}
    root = make(tmp_path / "one", files)
    rewrite(root, settings)
    again = make(tmp_path / "two", texts(root))
    told = findings(rewrite(again, settings), "pkg/concurrency.py")
    assert {finding.status for finding in told} == {"suppressed"}
    assert len(told) == 3
    assert "eventlet.monkey_patch()" in (again / "pkg/cmd/api.py").read_text()
    # a person does the rest
    free = make(tmp_path / "three", {**texts(again), "pkg/held.py": ""})
    rewrite(free, settings)
    assert "eventlet" not in (free / "pkg/cmd/api.py").read_text()
    assert "eventlet" not in (free / "requirements.txt").read_text()


BACKEND = """\
    from oslo_service import service
    from oslo_service import threadgroup
    from oslo_service import wsgi


    def start(conf, app, work):
        group = threadgroup.ThreadGroup(thread_pool_size=4)
        group.add_thread(work)
        server = wsgi.Server(conf, "api", app)
        launcher = service.launch(conf, server)
        group.stop()
        launcher.wait()
    """


def test_what_the_threading_backend_does_differently_is_asked(tmp_path: Path) -> None:
    root = make(tmp_path / "one", {**PROJECT, "pkg/service.py": BACKEND})
    result = rewrite(root, OPENSTACK)
    told = findings(result, "pkg/service.py")
    by_rule = {(f.rule, f.status): f for f in told}
    assert by_rule.keys() == {
        ("EVT411", "left"),
        ("EVT412", "rewritten"),
        ("EVT413", "left"),
        ("EVT414", "left"),
    }
    assert not [f for f in told if "does no harm" in f.advice]
    assert "prepare() and serve()" in by_rule["EVT411", "left"].advice
    stops = next(f for f in told if f.api.endswith(".stop"))
    assert stops.message == "while the switch is on, oslo.service's threading backend runs this"
    assert "C-KILL: stop() killed what runs in group (work)" in stops.advice
    # the second run says the same
    again = make(tmp_path / "two", texts(root))
    more = findings(rewrite(again, OPENSTACK), "pkg/service.py")
    assert [f.message for f in more] == [f.message for f in told if f.status == "left"]


def test_a_project_that_patches_nothing_is_not_asked_about_a_backend(tmp_path: Path) -> None:
    files = {"pkg/__init__.py": "", "pkg/service.py": BACKEND, "pkg/a.py": "import eventlet\n"}
    root = make(tmp_path, files)
    told = findings(rewrite(root, OPENSTACK), "pkg/service.py")
    assert {f.rule for f in told} == {"EVT411"}
