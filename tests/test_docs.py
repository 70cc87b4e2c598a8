"""The documentation is in step with the code."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from eventlet_codemod.config import Settings, explain
from eventlet_codemod.rules import Rule, all_rules
from eventlet_codemod.rules.base import CHECKS

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = sorted(
    [
        *ROOT.glob("*.md"),
        *DOCS.rglob("*.md"),
        *ROOT.glob("examples/**/*.md"),
        *ROOT.glob("codemods/**/*.md"),
    ]
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


# --- made from the code ------------------------------------------------------------------------


def test_generated_pages_are_in_step() -> None:
    done = subprocess.run(
        [sys.executable, str(DOCS / "generate.py"), "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_stale_page_is_named(tmp_path: Path) -> None:
    copy = tmp_path / "docs"
    (copy / "rules").mkdir(parents=True)
    for path in [*DOCS.glob("*.*"), *DOCS.glob("rules/*.md")]:
        target = copy / path.relative_to(DOCS)
        target.write_bytes(path.read_bytes())
    (copy / "rules" / "EVT101-sleep.md").write_text("old")
    (copy / "rules" / "EVT998-gone.md").write_text("old")
    generate = [sys.executable, str(copy / "generate.py")]
    checked = subprocess.run([*generate, "--check"], capture_output=True, text=True)
    assert checked.returncode == 1
    assert checked.stdout.splitlines() == [
        "docs/rules/EVT101-sleep.md: out of step",
        "docs/rules/EVT998-gone.md: out of step",
    ]
    assert subprocess.run(generate, capture_output=True).returncode == 0
    assert subprocess.run([*generate, "--check"], capture_output=True).returncode == 0
    assert not (copy / "rules" / "EVT998-gone.md").exists()


def test_the_reviewers_guide_has_every_question() -> None:
    guide = read("docs/guide-reviewer.md")
    rows = re.findall(r"^\| `(C-[A-Z]+)` \|", guide, re.MULTILINE)
    assert rows == list(CHECKS)


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.name)
def test_a_rule_has_its_page_its_cases_and_its_changelog_line(rule: Rule) -> None:
    assert (DOCS / "rules" / f"{rule.code}-{rule.name}.md").is_file()
    cases = ROOT / "tests" / "rules" / f"test_{rule.name.replace('-', '_')}.py"
    assert cases.is_file(), f"{cases.relative_to(ROOT)} is missing"
    lines = [line for line in read("CHANGELOG.md").splitlines() if f"`{rule.code}`" in line]
    assert [line for line in lines if line.startswith(f"- `{rule.code}` `{rule.name}`: ")]
    assert "TODO" not in rule.text + rule.summary + "".join(lines)


def test_the_changelog_names_no_rule_twice() -> None:
    codes = re.findall(r"^- `(EVT\d{3})`", read("CHANGELOG.md"), re.MULTILINE)
    assert len(codes) == len(set(codes))
    assert {rule.code for rule in all_rules()} <= set(codes)


# --- settings ----------------------------------------------------------------------------------


def settings_in_tables() -> dict[str, str]:
    rows = re.findall(r"^\| `([a-z-]+)` \|(.*)\|$", read("docs/configuration.md"), re.MULTILINE)
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_every_setting_is_documented() -> None:
    assert sorted(settings_in_tables()) == sorted(item.key for item in explain(Settings()))


@pytest.mark.parametrize("key", sorted(Settings().as_dict()))
def test_every_value_of_a_setting_is_documented(key: str) -> None:
    from typing import get_args, get_type_hints

    values = get_args(get_type_hints(Settings)[key.replace("-", "_")])
    row = settings_in_tables()[key]
    for value in values:
        if isinstance(value, str):
            assert f"`{value}`" in row


def test_toml_in_the_pages_is_valid(tmp_path: Path) -> None:
    from eventlet_codemod.config import load

    for name in ("README.md", "docs/configuration.md"):
        (block,) = re.findall(r"```toml\n(.*?)```", read(name), re.DOTALL)
        tomllib.loads(block)
        (tmp_path / "pyproject.toml").write_text(block)
        assert load(tmp_path) != Settings()


# --- what the pages show -----------------------------------------------------------------------


def test_the_excerpt_in_the_readme_is_real() -> None:
    (excerpt,) = re.findall(r"```diff\n(.*?)```", read("README.md"), re.DOTALL)
    patch = read("examples/worker/expected.patch")
    place = 0
    for part in excerpt.split("…\n"):
        place = patch.find(part, place)
        assert place >= 0, f"not in the patch, or not in this order:\n{part}"
        place += len(part)


def test_the_excerpt_in_the_reviewers_guide_is_real() -> None:
    block = read("docs/guide-reviewer.md").partition("```\n")[2].partition("```")[0]
    patch = read("examples/worker/expected.patch").splitlines()
    lines = block.splitlines()
    assert len(lines) > 5
    assert [line for line in lines if line not in patch] == []


def test_commands_in_the_readme_are_those_there_are() -> None:
    from eventlet_codemod.cli import main

    rows = re.findall(r"^\| `([a-z-]+)` \|", read("README.md"), re.MULTILINE)
    assert sorted(rows) == sorted(main.list_commands(None))  # type: ignore[arg-type]


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_option_that_a_page_names_exists(page: Path) -> None:
    """Options in code that begins with the name of the tool."""
    from click import Group
    from click.testing import CliRunner

    from eventlet_codemod.cli import main

    assert isinstance(main, Group)
    text = page.read_text(encoding="utf-8")
    for words, rest in re.findall(r"eventlet-codemod ((?:batch )?[a-z]+)\b([^\n`|#]*)", text):
        command = words.split()
        if command[0] not in main.list_commands(None):  # type: ignore[arg-type]
            continue
        shown = CliRunner().invoke(main, [*command, "--help"]).output
        for option in re.findall(r"(?<!\S)--?[a-z][a-z-]*", rest):
            assert re.search(rf"(?<!\S){option}\b", shown), f"{command} has no {option}"


def slug(heading: str) -> str:
    return re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        if link.startswith("https://"):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        assert target.exists(), f"{page.name}: {link}"
        if anchor:
            there = target.read_text(encoding="utf-8")
            anchors = {slug(found) for found in re.findall(r"^#+ (.*)$", there, re.MULTILINE)}
            anchors |= set(re.findall(r'<a id="([^"]+)"', there))
            assert anchor in anchors, f"{page.name}: {link}"
