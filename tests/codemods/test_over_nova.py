"""A codemod of each kind, begun by the scaffold and composed with the built-in rules over nova.

The four of them, and their cases, are in ``over_nova``; they were written from the guide alone.
"""

from __future__ import annotations

import compileall
import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("bowler")
pytestmark = pytest.mark.slow

KEPT = Path(__file__).with_name("over_nova")
SHA256 = "4c13bfd6be60ed110c973a8bf94532740ba746bd4d0e1a415e9bf2b6fef5bc24"  # nova==31.0.0
KINDS = {
    "nova-facts": "facts",
    "nova-executor": "libcst",
    "nova-names": "bowler",
    "nova-background": "rule",
}
FILES = [f"codemods/{name.replace('-', '_')}" for name in KINDS]
ALL = [f"--codemod={file}{'.toml' if 'facts' in file else '.py'}" for file in FILES]
RULE = re.compile(r"^(EVT\d+) [\w-]+: \d+ rewritten", re.MULTILINE)
DECLARED = "the codemod nova-facts declares"
CONFLICT = '''
"""An executor becomes a green pool again."""
import libcst as cst
from libcst.codemod import VisitorBasedCodemodCommand
from libcst.codemod.visitors import AddImportsVisitor

CODE = "NOVABACK001"
ORDER = "after"
REQUIRES = ("concurrent.futures.ThreadPoolExecutor",)


class Command(VisitorBasedCodemodCommand):
    DESCRIPTION = "An executor becomes a green pool again."

    def leave_Attribute(self, original_node, updated_node):
        if updated_node.attr.value != "ThreadPoolExecutor":
            return updated_node
        AddImportsVisitor.add_needed_import(self.context, "eventlet")
        return cst.parse_expression("eventlet.greenpool.GreenPool")
'''


def tool(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "eventlet_codemod", *arguments]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, timeout=600)


def git(tree: Path, *arguments: str, data: str | None = None) -> str:
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    command = ["git", *identity, *arguments]
    done = subprocess.run(command, cwd=tree, input=data, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def ledger_at(path: Path) -> dict[str, Any]:
    """The ledger, which its schema describes."""
    ledger = json.loads(path.read_text())
    schema = (files("eventlet_codemod") / "ledger.schema.json").read_text()
    jsonschema.validate(ledger, json.loads(schema))
    return ledger


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release as a git repository, with the codemods in it."""
    place = tmp_path_factory.mktemp("over-nova")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    words = ["--no-binary", "nova", "--dest", str(place / "sdist"), "nova==31.0.0"]
    subprocess.run([*pip, *words], check=True, timeout=300)
    (sdist,) = (place / "sdist").iterdir()
    assert hashlib.sha256(sdist.read_bytes()).hexdigest() == SHA256
    with tarfile.open(sdist) as archive:
        archive.extractall(place / "tree", filter="data")
    (tree,) = (place / "tree").iterdir()
    for (name, kind), file in zip(KINDS.items(), FILES, strict=True):
        done = tool(tree, "new-codemod", name, f"--{kind}")
        assert done.returncode == 0, done.stderr
        assert f"{file}." in done.stdout
    begun = {file.name for file in (tree / "codemods").iterdir()}
    kept = {file.name for file in KEPT.iterdir() if file.suffix in (".py", ".toml")}
    assert begun == kept
    for name in kept:
        shutil.copyfile(KEPT / name, tree / "codemods" / name)
    git(tree, "init", "--quiet")
    git(tree, "add", "--all")
    git(tree, "commit", "--quiet", "--message", "release")
    return tree


def test_one_ledger_and_one_patch_whatever_the_processes(tree: Path) -> None:
    ledger_file = tree.parent / "ledger.json"
    done = tool(tree, "diff", *ALL, "--jobs", "2", "--ledger", str(ledger_file))
    assert done.returncode == 1, done.stderr
    assert tool(tree, "diff", *ALL, "--jobs", "1").stdout == done.stdout
    ledger = ledger_at(ledger_file)
    assert ledger["summary"]["files_failed"] == 0
    found = [(entry["path"], f) for entry in ledger["files"] for f in entry["findings"]]
    told = {f["rule"]: (path, f["why"]) for path, f in found if f["status"] == "rewritten"}
    assert {"NOVAEXECUTOR001", "NOVANAMES001", "NOVABACKGROU001", "EVT101", "EVT203"} <= {*told}
    assert [f for _, f in found if f["status"] == "rewritten" and DECLARED in f["why"]]
    rules = {rule for rule in told if not rule.startswith("NOVA")}
    assert len(rules) > 10
    utils = {f["rule"] for path, f in found if path == "nova/utils.py"}
    assert utils >= {"NOVAEXECUTOR001", "NOVANAMES001", "EVT504"}
    for code in ("NOVAEXECUTOR001 nova-executor", "NOVANAMES001 nova-names"):
        assert f"{code}, review" in done.stdout
    git(tree, "apply", "--check", data=done.stdout)


def test_one_series_in_which_each_codemod_has_its_name(tree: Path) -> None:
    target = tree.parent / "series"
    done = tool(tree, "series", *ALL, "--output-dir", str(target))
    assert done.returncode == 1, done.stderr
    patches = sorted(target.iterdir())
    texts = {patch.name: patch.read_text() for patch in patches}
    first, *_, last = texts.values()
    assert "NOVAEXECUTOR001 nova-executor: 5 rewritten, 5 to review." in first
    assert "NOVANAMES001 nova-names: " in last
    rules = {found for text in texts.values() for found in RULE.findall(text)}
    assert len(rules) > 12, rules
    for said in ("NOVABACKGROU001 nova-background: 2 rewritten", "EVT113 spawn-result: "):
        assert [name for name, text in texts.items() if said in text], said
    by_facts = [text for text in texts.values() if "EVT113 spawn-result: " in text]
    assert all(DECLARED in " ".join(text.split()) for text in by_facts[:1])
    start = git(tree, "rev-parse", "HEAD").strip()
    git(tree, "am", "--quiet", *map(str, patches))
    changed = git(tree, "diff", "--name-only", start).split()
    assert {"nova/utils.py", "nova/quota.py", "nova/virt/libvirt/host.py"} <= {*changed}
    for path in changed:
        assert compileall.compile_file(tree / path, quiet=1), path
    git(tree, "reset", "--quiet", "--hard", start)


def test_stages_that_fail_and_conflict_are_told_and_the_others_go_on(tree: Path) -> None:
    names = (KEPT / "nova_names.py").read_text()
    failing = '    leaf = capture["name"]\n    assert "unit" not in filename, "not this one"\n'
    broken = names.replace('    leaf = capture["name"]\n', failing)
    (tree / "codemods/nova_names.py").write_text(broken)
    (tree / "codemods/nova_back.py").write_text(CONFLICT)
    ledger_file = tree.parent / "failing.json"
    asked = ["nova/utils.py", "nova/tests/unit/test_utils.py", "nova/tests/fixtures/nova.py"]
    more = ["--codemod=codemods/nova_back.py", "--ledger", str(ledger_file)]
    done = tool(tree, "diff", *ALL, *more, *asked)
    git(tree, "checkout", "--quiet", "codemods")
    (tree / "codemods/nova_back.py").unlink()
    assert done.returncode == 3, done.stderr
    entries = {entry["path"]: entry for entry in ledger_at(ledger_file)["files"]}
    (failure,) = entries["nova/tests/unit/test_utils.py"]["failures"]
    assert (failure["stage"], failure["kind"]) == ("nova-names", "raised")
    assert failure["message"].startswith("AssertionError: not this one (nova_names.py:")
    (failure,) = entries["nova/utils.py"]["failures"]
    assert (failure["stage"], failure["kind"]) == ("nova-back", "conflict")
    assert "it adds a use of eventlet.greenpool.GreenPool" in failure["message"]
    for path, code in (
        ("nova/utils.py", "NOVAEXECUTOR001"),
        ("nova/tests/fixtures/nova.py", "NOVANAMES001"),
    ):
        done_there = {f["rule"] for f in entries[path]["findings"] if f["status"] == "rewritten"}
        assert code in done_there
    assert "test_utils.py: codemod nova-names: AssertionError: not this one" in done.stderr
