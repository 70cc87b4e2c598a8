"""Codemods from outside, through the command line: one ledger, one patch, one series."""

from __future__ import annotations

import json
import subprocess

import jsonschema
import pytest

from eventlet_codemod.codemods.installed import install
from eventlet_codemod.ledger import Ledger

pytest.importorskip("bowler")

WRAPPERS = '''
"""utils.spawn_n of this project becomes eventlet's own."""
from bowler import Query
from fissix.fixer_util import Name
from eventlet_codemod.codemods.bowler import refers_to

CODE = "PKG001"
REQUIRES = "spawn_n"
ASKS = "does someone use what it gives?"


def rename(node, capture, filename):
    capture["module"].replace(Name("eventlet", prefix=capture["module"].prefix))


def query(*paths):
    return (
        Query(*paths)
        .select("power< module='utils' trailer< '.' 'spawn_n' > any* >")
        .filter(refers_to("pkg.utils.spawn_n"))
        .modify(rename)
    )
'''

AFTER = '''
"""Print becomes log."""
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand

CODE = "PKG002"
ORDER = "after"
ASKS = ""
REQUIRES = ("print",)


class Log(VisitorBasedCodemodCommand):
    def leave_Name(self, original_node, updated_node):
        name = "log" if updated_node.value == "print" else updated_node.value
        return updated_node.with_changes(value=name)
'''

FACTS = """
[names]
"hub.sleep" = "eventlet.sleep"
"""

WORKER = """\
# the worker
import eventlet
import hub

from pkg import utils


def log(text):
    '''Log it.'''


def main():
    # three things
    hub.sleep(1)
    utils.spawn_n(run)
    eventlet.sleep(2)
    print("done")
"""

PROJECT = {
    "pkg/__init__.py": "",
    "pkg/utils.py": "import eventlet\n\n\ndef spawn_n(f):\n    eventlet.spawn_n(f)\n",
    "pkg/worker.py": WORKER,
    "codemods/wrappers.py": WRAPPERS,
    "codemods/log.py": AFTER,
    "codemods/hub.toml": FACTS,
}
ALL = [f"--codemod=codemods/{name}" for name in ("wrappers.py", "log.py", "hub.toml")]


@pytest.fixture(autouse=True)
def nothing_installed():
    yield
    install(())


@pytest.fixture
def project(make):
    return make(PROJECT)


def ledger_of(project, cli, *words, code=None):
    done = cli("scan", "--ledger", str(project.root.parent / "ledger.json"), "pkg", *words)
    if code is not None:
        assert done.exit_code == code, done.stderr
    text = (project.root.parent / "ledger.json").read_text()
    from importlib.resources import files

    schema = json.loads((files("eventlet_codemod") / "ledger.schema.json").read_text())
    jsonschema.validate(json.loads(text), schema)
    ledger = Ledger.from_json(text)
    assert Ledger.from_json(ledger.to_json()) == ledger
    return ledger


def test_all_kinds_in_one_run_give_one_patch_in_terms_of_the_file(project, cli):
    ledger = ledger_of(project, cli, *ALL)
    entry = next(e for e in ledger.files if e.path == "pkg/worker.py")
    lines = WORKER.split("\n")
    told = {(f.rule, lines[f.line - 1].strip(), f.tier) for f in entry.findings}
    assert told >= {
        ("EVT101", "hub.sleep(1)", "safe"),
        ("EVT101", "eventlet.sleep(2)", "safe"),
        ("PKG001", "utils.spawn_n(run)", "review"),
        ("EVT110", "utils.spawn_n(run)", "review"),
        ("PKG002", 'print("done")', "safe"),
    }
    assert entry.failures == ()
    assert all(f.hunk is not None for f in entry.findings)
    assert cli("apply", "--allow-dirty", "pkg", *ALL).exit_code == 0
    assert (project.root / "pkg/worker.py").read_text() == (
        "# the worker\nimport threading\nimport time\n\nfrom pkg import utils\n\n\n"
        "def log(text):\n    '''Log it.'''\n\n\n"
        "def main():\n    # three things\n    time.sleep(1)\n"
        "    threading.Thread(target=run, daemon=True).start()\n"
        '    time.sleep(2)\n    log("done")\n'
    )


def test_the_patch_is_taken_by_git_and_a_second_run_is_empty(project, cli):
    done = cli("diff", "pkg", *ALL)
    subprocess.run(["git", "apply"], input=done.stdout, text=True, check=True, cwd=project.root)
    again = cli("diff", "pkg", *ALL)
    assert (again.stdout, again.exit_code) == ("", 0)


def test_a_series_asks_a_stage_once_for_each_text(project, cli):
    told = project.root.parent / "told"
    log = f"    with open({str(told)!r}, 'a') as log:\n        print(filename, file=log)\n"
    counted = WRAPPERS.replace("    capture", f"{log}    capture", 1)
    project.write({**PATCHED, "codemods/wrappers.py": counted})
    project.commit()
    done = cli("series", "--output-dir", str(project.root.parent / "series"), "pkg", *ALL)
    assert done.stderr.count(".patch: ") > 2
    assert told.read_text() == "pkg/worker.py\n"


def test_a_codemod_may_be_selected_and_ignored_as_a_rule(project, cli):
    only = ledger_of(project, cli, *ALL, "--select", "PKG002")
    done = {f.rule for e in only.files for f in e.findings if f.status == "rewritten"}
    assert done == {"PKG002"}
    others = ledger_of(project, cli, *ALL, "--ignore", "wrappers,PKG002")
    assert not {f.rule for e in others.files for f in e.findings} & {"PKG001", "PKG002"}


def test_a_stage_that_fails_loses_its_edit_and_the_others_go_on(project, cli):
    broken = WRAPPERS.replace(
        'capture["module"].replace(Name("eventlet", prefix=capture["module"].prefix))',
        "raise ValueError(filename)",
    )
    project.write({"codemods/wrappers.py": broken})
    ledger = ledger_of(project, cli, *ALL, code=3)
    entry = next(e for e in ledger.files if e.path == "pkg/worker.py")
    assert entry.status == "changed"
    (failure,) = entry.failures
    assert (failure.stage, failure.kind) == ("wrappers", "raised")
    line = broken.split("raise ValueError")[0].count("\n") + 1
    said = f"ValueError: pkg/worker.py (wrappers.py:{line})"
    assert failure.message == said
    assert {f.rule for f in entry.findings} == {"EVT101", "PKG002"}
    assert ledger.summary.files_failed == 1
    done = cli("apply", "--allow-dirty", "pkg", *ALL)
    assert done.exit_code == 3
    assert f"pkg/worker.py: codemod wrappers: {said}" in done.stderr
    assert "utils.spawn_n(run)" in (project.root / "pkg/worker.py").read_text()


RULES = """
from eventlet_codemod import Leave, ReplaceExpression, Rewrite, Rule


def match(use, facts, settings):
    if use.call is None or not use.call_is_statement:
        return None
    return Rewrite(
        message="a thread",
        why="",
        edits=(ReplaceExpression(use.node, lambda node, context: "utils.start"),),
    )


rule = Rule(
    code="PKG003",
    family="pkg",
    step=1,
    summary="",
    apis=frozenset({"pkg.utils.spawn"}),
    match=match,
    before="",
    after="",
)
"""
SPAWNS = """
import eventlet
from pkg import utils

utils.spawn(work)
gt = utils.spawn(work)
gt.wait()
eventlet.sleep(1)
"""


PATCHED = {"pkg/__init__.py": "import eventlet\n\neventlet.monkey_patch()\n"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "    if use.call",
            "    raise KeyError('x')\n    if use.call",
            "KeyError: 'x' (rules.py:6)",
        ),
        (
            "    if use.call",
            "    raise SystemExit(7)\n    if use.call",
            "SystemExit: 7 (rules.py:6)",
        ),
        (
            "\n\ndef match(use, facts, settings):\n",
            "TIMEOUT = 0.2\n\n\ndef match(use, facts, settings):\n    while True: pass\n",
            "it did not end within 0.2 seconds",
        ),
        ('"utils.start"', "node.nothing", "has no attribute 'nothing' (rules.py:11)"),
        ('why=""', 'why="", checks={"C-FOO": ""}', "it asks C-FOO, which its `checks` do not list"),
        ("return None", "return 'no'", "match gives 'no', which is no Rewrite, Leave or None"),
    ],
)
def test_a_rule_that_fails_is_left_out_of_the_file(project, cli, old, new, said):
    rules = RULES.replace(old, new, 1)
    project.write({**PATCHED, "codemods/rules.py": rules, "pkg/spawns.py": SPAWNS})
    ledger = ledger_of(project, cli, "--codemod=codemods/rules.py", *ALL, code=3)
    (entry,) = [e for e in ledger.files if e.failures]
    assert (entry.path, entry.status) == ("pkg/spawns.py", "changed")
    (failure,) = entry.failures
    assert failure.stage == "rules"
    assert said in failure.message
    assert {(f.rule, f.status) for f in entry.findings} == {
        ("EVT101", "rewritten"),
        ("PKG003", "left"),
    }
    assert ledger.summary.files_failed == 1


def test_facts_say_what_a_name_is_that_a_rule_claims(project, cli):
    project.write(
        {
            **PATCHED,
            "codemods/rules.py": RULES,
            "returns.toml": '[returns]\n"pkg.utils.spawn" = "Future"\n',
            "pkg/spawns.py": SPAWNS,
        }
    )
    words = ["--codemod=codemods/rules.py", "--codemod=returns.toml"]
    for order in (words, words[::-1]):
        done = cli("diff", "pkg/spawns.py", *order)
        assert "+utils.start(work)\n" in done.stdout
        assert "+gt.result()\n" in done.stdout


def test_a_constant_that_a_codemod_uses_may_look_like_one_of_ours(project, cli):
    own = AFTER.replace('ASKS = ""', 'ASKS = ""\nAFTERS = ("log",)').replace(
        '"log" if', "AFTERS[0] if"
    )
    project.write({"codemods/log.py": own})
    ledger = ledger_of(project, cli, "--codemod=codemods/log.py", code=1)
    assert "PKG002" in {finding.rule for entry in ledger.files for finding in entry.findings}


def test_a_file_that_only_the_stage_cannot_read_is_told(project, cli):
    project.write({"pkg/match.py": "match a:\n    case 1:\n        utils.spawn_n(1)\n"})
    ledger = ledger_of(project, cli, *ALL, code=3)
    (entry,) = [e for e in ledger.files if e.failures]
    assert (entry.path, entry.status, entry.failures[0].kind) == (
        "pkg/match.py",
        "unchanged",
        "unsupported",
    )


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ('f"{text}x = (\\n"', "broken"),
        ('text + "x\\n"', "broken"),  # again and again
        ('text.replace("import hub\\n", "")', "broken"),  # hub is undefined then
    ],
)
def test_what_a_stage_gives_is_proved(project, cli, result, kind):
    stage = f'''
        """A stage that goes wrong."""
        import libcst as cst
        from libcst.codemod import CodemodCommand

        REQUIRES = "print"

        class Wrong(CodemodCommand):
            def transform_module_impl(self, tree):
                text = tree.code
                new = {result}
                try:
                    return cst.parse_module(new)
                except Exception:
                    return type("Module", (), {{"code": new}})()
    '''
    import textwrap

    project.write({"codemods/wrong.py": textwrap.dedent(stage)})
    ledger = ledger_of(project, cli, "--codemod=codemods/wrong.py", code=3)
    (failure,) = [f for e in ledger.files for f in e.failures]
    assert (failure.stage, failure.kind) == ("wrong", kind)
    assert all(f.rule != "WRONG001" for e in ledger.files for f in e.findings)


def test_a_comment_that_another_takes_the_place_of_is_asked_about(project, cli):
    stage = AFTER.replace("leave_Name", "leave_Never") + (
        "    def leave_Comment(self, original_node, updated_node):\n"
        "        return updated_node.with_changes(value='# some things')\n"
    )
    project.write({"codemods/log.py": stage})
    ledger = ledger_of(project, cli, "--codemod=codemods/log.py", code=1)
    found = [f for e in ledger.files for f in e.findings if f.rule == "PKG002"]
    assert {f.tier for f in found} == {"review"}
    assert "the comment '# the worker' goes: is it said elsewhere?" in found[0].advice


def test_a_later_stage_that_undoes_the_rules_loses_its_edit(project, cli):
    stage = AFTER.replace('"print"', '"threading"').replace('"log"', '"eventlet"')
    stage = stage.replace("leave_Name", "leave_Never") + (
        "    def transform_module_impl(self, tree):\n"
        "        return cst.parse_module('import eventlet\\n\\neventlet.sleep(1)\\n')\n"
    )
    project.write({"codemods/log.py": stage})
    ledger = ledger_of(project, cli, *ALL, code=3)
    failures = [f for e in ledger.files for f in e.failures]
    assert {(f.stage, f.kind) for f in failures} == {("log", "conflict")}
    assert all("adds a use of eventlet" in failure.message for failure in failures)
    assert all(f.rule != "PKG002" for e in ledger.files for f in e.findings)


def test_only_the_stage_in_conflict_and_those_behind_it_lose_their_edits(project, cli):
    wrong = AFTER.replace("PKG002", "WRONG001").replace("leave_Name", "leave_Never") + (
        "    def transform_module_impl(self, tree):\n"
        "        more = 'import eventlet\\n\\neventlet.sleep(1)\\n'\n"
        "        return tree if more in tree.code else cst.parse_module(tree.code + more)\n"
    )
    behind = (
        AFTER.replace("PKG002", "BEHIND001")
        .replace('"log"', '"log_it"')
        .replace('"print"', '"log"')
    )
    wrong = wrong.replace('REQUIRES = ("print",)', 'REQUIRES = ("log",)')
    behind = behind.replace('REQUIRES = ("log",)', 'REQUIRES = ("eventlet",)')
    project.write({"codemods/wrong.py": wrong, "codemods/behind.py": behind})
    words = [*ALL, "--codemod=codemods/wrong.py", "--codemod=codemods/behind.py"]
    ledger = ledger_of(project, cli, *words, code=3)
    failures = [f for e in ledger.files for f in e.failures]
    assert {(f.stage, f.kind) for f in failures} <= {("wrong", "conflict"), ("behind", "conflict")}
    assert any(f.stage == "wrong" and "adds a use of eventlet" in f.message for f in failures)
    told = {f.rule for e in ledger.files for f in e.findings if f.status == "rewritten"}
    assert "PKG002" in told
    assert told.isdisjoint({"WRONG001", "BEHIND001"})


@pytest.mark.parametrize("order", ["before", "after"])
def test_a_stage_that_undoes_one_of_its_own_order_loses_its_edit(project, cli, order):
    def stage(code, old, new):
        made = AFTER.replace("PKG002", code).replace('"print"', f'"{old}"')
        return made.replace('"log"', f'"{new}"').replace('"after"', f'"{order}"')

    project.write(
        {
            "codemods/there.py": stage("THERE001", "print", "repr"),
            "codemods/back.py": stage("BACK001", "repr", "print"),
            "codemods/on.py": stage("GOON001", "repr", "log"),
        }
    )
    words = [f"--codemod=codemods/{name}.py" for name in ("there", "back", "on")]
    ledger = ledger_of(project, cli, *words, code=3)
    (failure,) = [f for e in ledger.files for f in e.failures]
    assert (failure.stage, failure.kind) == ("back", "conflict")
    assert failure.message == "there would change again what it made"
    told = {f.rule for e in ledger.files for f in e.findings}
    assert told >= {"THERE001", "GOON001"} and "BACK001" not in told
    assert '+    log("done")' in cli("diff", "pkg", *words).stdout


# --- the series -----------------------------------------------------------------------------------


def test_a_subject_that_begins_with_a_name_begins_as_the_name_does(project, cli, tmp_path):
    stage = WRAPPERS.replace('"""utils.spawn_n of', '"""spawn_n of')
    project.write({"codemods/wrappers.py": stage})
    cli("series", "--output-dir", str(tmp_path / "series"), "pkg", ALL[0])
    assert "0001-spawn_n-of-this" in min((tmp_path / "series").iterdir()).name


def test_a_series_has_the_stages_in_their_order(project, cli, tmp_path):
    target = tmp_path / "series"
    done = cli("series", "--output-dir", str(target), "pkg", *ALL)
    assert done.exit_code == 1, done.stderr
    subjects = [
        line.partition("] ")[2]
        for file in sorted(target.iterdir())
        for line in file.read_text().split("\n")
        if line.startswith("Subject:")
    ]
    assert subjects[0] == "utils.spawn_n of this project becomes eventlet's own"
    assert subjects[-1] == "Print becomes log"
    assert len(subjects) >= 3
    first = min(target.iterdir()).read_text()
    assert "- C-CODEMOD: does someone use what it gives? At" in first
    project.git("am", "-q", *map(str, sorted(target.iterdir())))
    assert cli("diff", "pkg", *ALL).stdout == ""


# --- what there is --------------------------------------------------------------------------------


def test_explain_knows_what_rules_lists(project, cli):
    words = ("--codemod=codemods/wrappers.py", "--codemod=codemods/hub.toml")
    page = cli("explain", "wrappers", *words).stdout
    assert page == cli("explain", "pkg001", *words).stdout
    assert page.startswith("# PKG001 wrappers\n\n")
    assert page.lower().count("utils.spawn_n of this project becomes eventlet's own") == 1
    assert "- `C-CODEMOD`: Does someone use what it gives?" in page
    told = json.loads(cli("explain", "PKG001", "--format=json", *words).stdout)
    assert told["origin"] == "bowler, codemods/wrappers.py"
    assert told["may_differ"] == {"C-CODEMOD": "does someone use what it gives?"}
    page = cli("explain", "hub", *words).stdout
    assert page.startswith("# hub\n") and "| `hub.sleep` | `eventlet.sleep` |\n" in page
    for name in ("nova-wrappers", "nova_wrappers", "NOVAWRAP001"):
        assert cli("explain", name).stdout.startswith("# NOVAWRAP001 nova-wrappers\n")
    page = cli("explain", "os_ken_hub").stdout
    assert page.startswith("# OSKENHUB001 hub-spawn\n") and "# OSKENHUB004 hub-patch\n" in page
    assert "| `os_ken.lib.hub.sleep` | `eventlet.greenthread.sleep` |" in page
    assert cli("explain", "hub-spawn").stdout.startswith("# OSKENHUB001 hub-spawn\n")
    told = json.loads(cli("explain", "swift-concurrency", "--format=json").stdout)
    assert told["names"]["swift.common.concurrency.sleep"] == "eventlet.greenthread.sleep"


def test_an_entry_point_is_listed_by_the_name_that_it_is_run_by(project, cli, monkeypatch):
    from importlib.metadata import EntryPoint

    from eventlet_codemod.codemods import loading

    (project.root / "our_mods.py").write_text(WRAPPERS)
    monkeypatch.syspath_prepend(str(project.root))
    points = (EntryPoint("our_spawn", "our_mods", loading.GROUP),)
    monkeypatch.setattr(loading, "_entry_points", lambda: points)
    (row,) = [line for line in cli("rules").stdout.split("\n") if line.startswith("PKG001")]
    assert row.split("\t")[2] == "our-spawn"
    assert cli("explain", "our-spawn").stdout.startswith("# PKG001 our-mods\n")
    assert ledger_of(project, cli, "--codemod=our-spawn", code=1).summary.files_failed == 0


# --- who may run what -----------------------------------------------------------------------------


def test_what_only_the_project_names_is_not_run(project, cli):
    marker = project.root.parent / "ran"
    project.write(
        {
            "codemods/wrappers.py": f"open({str(marker)!r}, 'w')\n{WRAPPERS}",
            "eventlet-codemod.toml": 'codemods = ["codemods/hub.toml", "codemods/wrappers.py"]\n',
        }
    )
    done = cli("scan", "pkg")
    assert done.exit_code == 2
    assert "codemods/wrappers.py is a program" in done.stderr
    assert "--allow-codemods" in done.stderr
    assert not marker.exists()
    assert cli("scan", "pkg", "--isolated").exit_code == 1
    assert not marker.exists()
    ledger = ledger_of(project, cli, "--allow-codemods")
    assert "PKG001" in {f.rule for e in ledger.files for f in e.findings}
    assert marker.exists()


def test_what_the_project_names_and_the_user_too_is_run_once(project, cli):
    project.write(
        {
            "eventlet-codemod.toml": 'codemods = ["./codemods/hub.toml", "codemods/wrappers.py", '
            '"nova_wrappers"]\n'
        }
    )
    words = [*ALL, "--codemod=nova-wrappers"]
    ledger = ledger_of(project, cli, *words, code=1)
    told = {f.rule for e in ledger.files for f in e.findings}
    assert told >= {"PKG001", "PKG002"}


def test_facts_that_the_project_names_are_data(project, cli):
    project.write({"eventlet-codemod.toml": 'codemods = ["codemods/hub.toml"]\n'})
    ledger = ledger_of(project, cli)
    (entry,) = [e for e in ledger.files if e.path == "pkg/worker.py"]
    assert [f.line for f in entry.findings] == [14, 16]


def test_a_function_that_patches_by_string_is_declared(make, cli):
    test = """\
def test(self):
    self.swap("pkg.nap.eventlet.sleep", lambda seconds: None)
"""
    nap = "import eventlet\n\neventlet.monkey_patch()\n\n\ndef nap():\n    eventlet.sleep(1)\n"
    project = make(
        {
            "pkg/__init__.py": "",
            "pkg/nap.py": nap,
            "tests/test_nap.py": test,
            "facts.toml": 'patchers = ["self.swap"]\n',
        }
    )
    cli("apply", "--allow-dirty")
    assert project.read("tests/test_nap.py").decode() == test
    project.write({"pkg/nap.py": nap})
    done = cli("apply", "--allow-dirty", "--codemod=facts.toml")
    assert done.exit_code == 0, done.stderr
    assert b'self.swap("pkg.nap.time.sleep",' in project.read("tests/test_nap.py")


QUERY = """
from bowler import Query


def edit(node, capture, filename):
    node.value = "y"

def query(*paths):
    return Query(*paths).select(\"\"\"%s\"\"\").modify(edit)
"""


@pytest.mark.parametrize(
    ("files", "words", "said"),
    [
        ({}, ["--codemod=no.py"], "no.py: no such file"),
        ({}, ["--codemod=os_ken_hob"], "no codemod is called 'os_ken_hob'"),
        ({"c/a.py": "x = \n"}, ["--codemod=c/a.py"], "c/a.py:1: invalid syntax"),
        ({"c/a.py": "\nraise KeyError('x')"}, ["--codemod=c/a.py"], "c/a.py:2: KeyError: 'x'"),
        ({"c/a.py": "import sys\nsys.exit(3)"}, ["--codemod=c/a.py"], "c/a.py:2: SystemExit: 3"),
        ({"c/a.py": "x = 1"}, ["--codemod=c/a.py"], "c/a.py: it is no codemod: it defines no rule"),
        ({"c/a.toml": "[names\n"}, ["--codemod=c/a.toml"], "c/a.toml:1: not valid TOML"),
        ({"c/a.toml": "[nmes]\n"}, ["--codemod=c/a.toml"], "c/a.toml:1: nmes: no such key (did"),
        (
            {"c/a.toml": '[names]\n"a.b" = "time.sleep"\n'},
            ["--codemod=c/a.toml"],
            "c/a.toml:2: a.b must be a name of eventlet, not 'time.sleep'",
        ),
        (
            {"c/a.toml": '[names]\n"a.b" = "eventlet.sleep"\n'},
            ["--codemod=c/a.toml", "--codemod=c/b.toml"],
            "a.b is declared to be eventlet.sleep by a and eventlet.spawn by b",
        ),
        ({"c/a.py": "CODE = 'EVT1'\ndef query(): pass"}, ["--codemod=c/a.py"], "is no code for a"),
        ({"c/a.py": "ORDER = 1\ndef query(): pass"}, ["--codemod=c/a.py"], "ORDER is 'before' or"),
        (
            {"c/sleep.py": "CODE = 'ABC001'\ndef query(): pass"},
            ["--codemod=c/sleep.py"],
            "c/sleep.py: sleep is also a built-in rule",
        ),
        (
            {"c/a.py": "CODE = 'ABC001'\ndef query(): pass"},
            ["--codemod=c/a.py", "--codemod=d/a.py"],
            "two codemods are called a: c/a.py and d/a.py",
        ),
        ({"c/a.py": QUERY % "x<"}, ["--codemod=c/a.py"], "c/a.py: query(): its pattern is wrong: "),
        (
            {"c/a.py": QUERY.replace(".modify(edit)", "") % "'x'"},
            ["--codemod=c/a.py"],
            "c/a.py: query(): it edits nothing: it gives no function to modify()",
        ),
        (
            {"c/a.py": QUERY.replace(".modify(edit)", ".modify(edit).process(edit)") % "'x'"},
            ["--codemod=c/a.py"],
            "c/a.py: query(): process() is for hunks of a terminal",
        ),
        (
            {"c/a.py": QUERY.replace(".modify(edit)", ".modify(edit).write()") % "'x'"},
            ["--codemod=c/a.py"],
            "c/a.py:9: query() fails: ValueError: it executes the query, and should only give it",
        ),
        ({"c/a.py": "TIMEOUT = 'x'\ndef query(): pass"}, ["--codemod=c/a.py"], "TIMEOUT is a num"),
        ({"c/a.py": "REQUIRES = 3\ndef query(): pass"}, ["--codemod=c/a.py"], "REQUIRES is a tup"),
        ({"c/a.py": "BEFORE = 3\ndef query(): pass"}, ["--codemod=c/a.py"], "BEFORE is text, not"),
        (
            {"c/a.py": "REQUIERS = ('x',)\ndef query(): pass"},
            ["--codemod=c/a.py"],
            "c/a.py: nothing uses REQUIERS (did you mean 'REQUIRES'?)",
        ),
        (
            {"c/a.py": "def query(): return 1"},
            ["--codemod=c/a.py"],
            "c/a.py: query() gives no Bowler query",
        ),
        (
            {"c/a.py": RULES.replace('{"pkg.utils.spawn"}', '{"eventlet.sleep"}')},
            ["--codemod=c/a.py"],
            "c/a.py: PKG003: eventlet.sleep is eventlet.greenthread.sleep here",
        ),
        (
            {"c/a.py": RULES.replace('{"pkg.utils.spawn"}', '{"spawn"}')},
            ["--codemod=c/a.py"],
            "c/a.py: PKG003: 'spawn' is no dotted name",
        ),
        (
            {"c/a.py": RULES.replace('frozenset({"pkg.utils.spawn"})', '"pkg.utils.spawn"')},
            ["--codemod=c/a.py"],
            "c/a.py: PKG003: apis is a set of names, not 'pkg.utils.spawn'",
        ),
        (
            {"c/a.py": RULES.replace('before="",', 'before="", checks=("C-FOO",),')},
            ["--codemod=c/a.py"],
            "c/a.py: PKG003: there is no question C-FOO; for one of your own take C-CODEMOD",
        ),
        (
            {},
            ["--codemod=libcst.codemod.commands.rename:RenameCommand"],
            "RenameCommand: missing a required argument: 'old_name'; a file of your own can",
        ),
        (
            {"c/a.py": AFTER.replace("ASKS =", "OPTIONS = {'no': 1}\nASKS =")},
            ["--codemod=c/a.py"],
            "c/a.py: Log: got an unexpected keyword argument 'no'",
        ),
        ({}, ["--codemod=json:loads", "--select=X"], "no rule is called 'X'"),
        ({}, ["--codemod=json:nothing"], "json:nothing: the module json has no nothing"),
        ({}, ["--codemod=json:"], "json:: say which attribute of json it is: json:NAME"),
        ({}, ["--codemod=nosuchmodule:a"], "nosuchmodule:a: ModuleNotFoundError"),
    ],
)
def test_a_codemod_that_cannot_be_is_one_clear_line(make, cli, files, words, said):
    more = {"c/b.toml": '[names]\n"a.b" = "eventlet.spawn"\n', "d/a.py": "def query(): pass"}
    make({"pkg.py": "import eventlet\n\neventlet.sleep(1)\n", **more, **files})
    done = cli("scan", "pkg.py", *words)
    assert done.exit_code == 2, (done.stdout, done.stderr)
    assert said in done.stderr
    assert done.stderr.count("\n") == 1


def test_without_bowler_a_query_says_what_to_install(project, cli, monkeypatch):
    import sys

    from eventlet_codemod.codemods import bowler

    project.write({"codemods/late.py": "CODE = 'LTE001'\n\ndef query():\n    pass\n"})
    bowler._imported.cache_clear()
    monkeypatch.setitem(sys.modules, "bowler", None)
    done = cli("scan", "pkg", "--codemod=codemods/late.py")
    bowler._imported.cache_clear()
    assert done.exit_code == 2
    assert done.stderr.startswith("error: a Bowler query needs Bowler (")
    assert "pip install 'eventlet-codemod[bowler]'" in done.stderr


# --- jobs -----------------------------------------------------------------------------------------


def test_any_number_of_jobs_gives_the_same_patch(project, cli, monkeypatch):
    from eventlet_codemod.codemods import layers

    monkeypatch.setattr(layers, "_WORTH_PROCESSES", 4)
    text = WORKER.replace("done", "{}")
    project.write({f"pkg/m{n}.py": text.replace("{}", str(n)) for n in range(8)})
    one, two = (cli("diff", "pkg", *ALL, f"--jobs={n}") for n in (1, 2))
    assert one.stdout == two.stdout
    assert one.stdout.count("diff --git") >= 9
