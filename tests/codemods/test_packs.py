"""The packs that ship: found by name, documented, and the same under stock tools."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from eventlet_codemod import pipeline
from eventlet_codemod.codemods import loading
from eventlet_codemod.codemods.base import Codemod, CodemodError
from eventlet_codemod.codemods.installed import install, using
from eventlet_codemod.codemods.loading import load_codemod, packs
from eventlet_codemod.config import Settings
from eventlet_codemod.run import rewrite_one

pytest.importorskip("bowler")

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
PACKS = sorted(path.name for path in (ROOT / "codemods").iterdir() if path.is_dir())
_BLOCK = re.compile(r"(?:^`([\w./-]+)`:\n\n)?^```python\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(autouse=True)
def nothing_installed():
    yield
    install(())


def examples(name: str) -> list[tuple[str, str, str]]:
    """The examples of a pack's page: path, before and after."""
    page = (ROOT / "codemods" / name / "README.md").read_text(encoding="utf-8")
    blocks = [(match[1] or "example.py", match[2]) for match in _BLOCK.finditer(page)]
    assert blocks, f"{name} has no example"
    assert len(blocks) % 2 == 0, f"{name}: an example without a result"
    return [
        (path, before, after)
        for (path, before), (_, after) in zip(blocks[::2], blocks[1::2], strict=True)
    ]


def made_of(codemod: Codemod, path: str, before: str) -> str:
    """What the codemod and the built-in rules make of a file."""
    settings = Settings(
        codemods=(codemod.spec,), declared=codemod.declared, monkey_patched="yes", force=True
    )
    with using(codemod):
        change = pipeline.rewrite_one(
            before.encode(), path, settings, lambda data: rewrite_one(data, path, settings)
        )
    assert change.entry.failures == ()
    return (change.result or b"").decode()


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_has_its_codemod_its_cases_and_its_page(name):
    place = ROOT / "codemods" / name
    files = {path.name for path in place.iterdir() if path.suffix in (".py", ".toml", ".md")}
    (codemod,) = files & {f"{name}.py", f"{name}.toml"}
    assert files == {codemod, f"test_{name}.py", "README.md"}
    assert f"[{name}]({name}/README.md)" in (ROOT / "codemods" / "README.md").read_text()
    page = (place / "README.md").read_text()
    assert page.startswith(f"# {name}\n")
    assert f"--codemod {name}\n" in page


@pytest.mark.parametrize("name", PACKS)
def test_the_examples_of_its_page(name):
    codemod = load_codemod(name)
    for path, before, after in examples(name):
        assert made_of(codemod, path, before) == after


@pytest.mark.parametrize("name", PACKS)
def test_the_example_of_its_first_rule_is_that_of_the_page(name):
    for rule in load_codemod(name).rules[:1]:
        pairs = [(before, after) for _, before, after in examples(name)]
        assert not rule.before or (rule.before, rule.after) in pairs


@pytest.mark.parametrize("name", PACKS)
def test_the_examples_of_its_rules(name):
    codemod = load_codemod(name)
    for rule in codemod.rules:
        assert made_of(codemod, "example.py", rule.before) == rule.after


def test_every_pack_is_found_by_name_and_listed_once():
    assert [path.stem for path in packs()] == PACKS
    done = subprocess.run(
        [sys.executable, "-m", "eventlet_codemod", "rules", "--format", "json"],
        capture_output=True,
        text=True,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stderr
    rows = [row for row in json.loads(done.stdout) if "ships with" in row["origin"]]
    assert {row["family"] for row in rows} == {name.replace("_", "-") for name in PACKS}
    assert all(row["summary"] for row in rows)
    codes = [row["code"] for row in rows if row["code"]]
    assert len(codes) == len(set(codes))


def test_all_packs_run_together():
    install([load_codemod(name) for name in PACKS])


def test_either_way_to_write_a_name():
    assert load_codemod("nova-wrappers").name == load_codemod("nova_wrappers").name


# --- stock Bowler ---------------------------------------------------------------------------------


def bowler_packs() -> list[str]:
    texts = {name: (ROOT / "codemods" / name / f"{name}.py") for name in PACKS}
    read = {name: path.read_text() for name, path in texts.items() if path.is_file()}
    return [n for n, text in read.items() if "bowler" in text and "PYTHON2 =" not in text]


@pytest.mark.parametrize("name", bowler_packs())
@pytest.mark.parametrize("way", ["bowler", "python"])
def test_stock_bowler_makes_the_same_of_it(name, way, tmp_path):
    file = ROOT / "codemods" / name / f"{name}.py"
    for path, before, after in examples(name)[:1]:  # the built-in rules have a part in the others
        target = tmp_path / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(before)
        words = ["-m", "bowler", "run", str(file), "--"] if way == "bowler" else [str(file)]
        done = subprocess.run(
            [sys.executable, *words, str(target), "--write"],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env=ENVIRONMENT,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        assert target.read_text() == after


@pytest.mark.parametrize("name", [n for n in PACKS if load_codemod(n).kind == "libcst"])
def test_libcst_makes_the_same_of_it(name, tmp_path):
    target = tmp_path / "a.py"
    rule = load_codemod(name).rules[0]
    target.write_text(rule.before)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "libcst.tool", "codemod", "--no-format"),
            *("-x", f"{name}.Command", str(target)),
        ],
        capture_output=True,
        text=True,
        cwd=ROOT / "codemods" / name,
        env=ENVIRONMENT,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert target.read_text() == rule.after


def test_what_is_told_is_printed_by_stock_bowler(tmp_path):
    target = tmp_path / "a.py"
    target.write_text("from nova import utils\n\n\ngt = utils.spawn(work)\n")
    file = ROOT / "codemods" / "nova_wrappers" / "nova_wrappers.py"
    done = subprocess.run(
        [sys.executable, str(file), str(target)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=ENVIRONMENT,
    )
    assert "a.py:4: the green thread that nova.utils.spawn gives is used; when" in done.stderr
    assert done.stderr.count("green thread that nova") == 1


# --- Python 2 -------------------------------------------------------------------------------------


def test_a_file_of_python_2_is_failed_or_done_by_the_pack(tmp_path):
    def diff(*options):
        words = ["diff", "--isolated", "--config", "monkey-patched=yes", *options]
        command = [sys.executable, "-m", "eventlet_codemod", *words]
        given = {"cwd": tmp_path, "env": ENVIRONMENT}
        return subprocess.run(command, capture_output=True, text=True, **given)

    (tmp_path / "old.py").write_text("import eventlet\nprint 1\neventlet.sleep(1)\n")
    (tmp_path / "told.py").write_text("import eventlet\nprint 1\neventlet.spawn(f)\n")
    (tmp_path / "new.py").write_text("import eventlet\neventlet.sleep(1)\n")
    without = diff()
    assert without.returncode == 3
    assert "old.py" in without.stderr
    assert "+++ b/old.py" not in without.stdout
    done = diff("--codemod", "python2", "--ledger", "ledger.json")
    assert done.returncode == 1, done.stderr
    files = {e["path"]: e for e in json.loads((tmp_path / "ledger.json").read_text())["files"]}
    assert {path: entry["status"] for path, entry in files.items()} == {
        "new.py": "changed",
        "old.py": "changed",
        "told.py": "unchanged",
    }
    (told,) = files["told.py"]["findings"]
    assert (told["tier"], told["line"], told["status"]) == ("manual", 3, "left")
    assert "-eventlet.sleep(1)\n+time.sleep(1)" in files["old.py"]["patch"]
    assert {f["tier"] for f in files["old.py"]["findings"]} == {"review"}


# --- what goes wrong ------------------------------------------------------------------------------


def test_a_broken_pack_is_one_clear_line(tmp_path, monkeypatch, cli_rules):
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "bad.py").write_text("\nraise KeyError('x')\n")
    (tmp_path / "good").mkdir()
    (tmp_path / "good" / "good.toml").write_text('summary = "fine"\n')
    monkeypatch.setattr(loading, "packs", lambda: tuple(sorted(tmp_path.glob("*/*.*"))))
    with pytest.raises(CodemodError) as caught:
        load_codemod("bad")
    said = "the pack bad, which ships with eventlet-codemod: KeyError: 'x'"
    assert str(caught.value) == f"{tmp_path}/bad/bad.py:2: {said}"
    done = cli_rules()
    assert (done.exit_code, said in done.stderr) == (3, True)
    assert "\tgood\t" in done.stdout


def test_without_bowler_its_packs_are_listed_with_what_they_need(monkeypatch, cli_rules):
    monkeypatch.setitem(sys.modules, "bowler", None)
    done = cli_rules()
    assert done.exit_code == 0, done.stderr
    (row,) = [line for line in done.stdout.split("\n") if "\tnova-wrappers\t" in line]
    assert "pip install 'eventlet-codemod[bowler]'" in row


def test_a_name_that_two_have_is_told(monkeypatch):
    from importlib.metadata import EntryPoint

    point = EntryPoint("nova_wrappers", "json:loads", loading.GROUP)
    monkeypatch.setattr(loading, "_entry_points", lambda: (point,))
    with pytest.raises(CodemodError) as caught:
        load_codemod("nova_wrappers")
    assert str(caught.value) == (
        "more than one codemod is called nova_wrappers: one ships with eventlet-codemod, "
        "one is an entry point"
    )


@pytest.fixture
def cli_rules():
    from click.testing import CliRunner

    from eventlet_codemod.cli.rules import command

    def run():
        return CliRunner().invoke(command, ["--format", "text"], standalone_mode=False)

    def told():
        done = run()
        code = done.return_value if isinstance(done.return_value, int) else 1
        return type("Done", (), {"exit_code": code, "stdout": done.stdout, "stderr": done.stderr})

    return told


# --- facts beside code ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("{}", "declared is what Declared(...) gives, not {}"),
        ("Declared({'a.b': 'time.sleep'})", "a.b must be a name of eventlet, not 'time.sleep'"),
    ],
)
def test_what_a_module_declares_is_checked(tmp_path, declared, said):
    (tmp_path / "a.py").write_text(
        "from eventlet_codemod import Declared, Rule\n\n"
        f"declared = {declared}\n"
        "rule = Rule(code='ABC001', family='a', step=1, summary='a',\n"
        "    apis=frozenset({'pkg.go'}), match=lambda *given: None, before='', after='')\n"
    )
    with pytest.raises(CodemodError, match=re.escape(said)):
        load_codemod(str(tmp_path / "a.py"))


# --- the wheel ------------------------------------------------------------------------------------


@pytest.mark.slow
def test_packs_are_in_the_wheel(tmp_path):
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
    )
    if built.returncode:
        pytest.skip(f"no wheel can be built here: {built.stderr[-200:]}")
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as file:
        file.extractall(tmp_path / "site")
    listed = subprocess.run(
        [sys.executable, "-m", "eventlet_codemod", "rules", "--format", "json"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": "/usr/bin:/bin"},
    )
    assert listed.returncode == 0, listed.stderr
    found = {row["family"] for row in json.loads(listed.stdout) if "ships with" in row["origin"]}
    assert found == {name.replace("_", "-") for name in PACKS}
