from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from eventlet_codemod.batch.model import Repo
from eventlet_codemod.batch.publish import Commit, Proposal
from eventlet_codemod.batch.publish.body import (
    body_of,
    has_content,
    is_ours,
    merged,
    same,
    title_of,
)
from eventlet_codemod.batch.publish.escape import code, plain, title
from eventlet_codemod.ledger import Evidence, FileEntry, Finding, Hazard, Ledger, Run, summarise

#: What a forge makes a mention or a reference of, where it stands in text.
ACTS = re.compile(r"(?i)[@#!$%&~^][\w\"]|GH-\d|https?://\w|www\.\w")
NASTY = [
    "@someone",
    "fixes #123",
    "GH-12",
    "see openstack/nova#5",
    "!7 $1 %2 &3 ~bug ^alert#9",
    "**bold** _it_ [link](http://evil.example) ![i](x)",
    "<script>alert(1)</script> <!-- eventlet-codemod: end -->",
    "https://evil.example www.evil.example",
    "a | b",
    "`",
    "``@me``",
    "`code` @you `more",
    "line\nbreak\r\n# heading",
    "\u202egnp.exe",
    "`@in code`",
]


def text_of(markdown: str) -> str:
    """What stands in the text of a page: without code, and marks of ours."""
    tokens = MarkdownIt("commonmark", {"html": True}).parse(markdown)
    inline = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in inline} <= {
        *("text", "code_inline", "softbreak", "link_open", "link_close", "html_inline")
    }, inline
    return " ".join(child.content for child in inline if child.type == "text")


@pytest.mark.parametrize("text", NASTY)
def test_prose_does_nothing(text: str) -> None:
    shown = text_of(f"- {plain(text)}\n")
    assert not ACTS.search(shown)
    assert "\n" not in plain(text)
    assert not ACTS.search(title(text)) or "://" in text or "www." in text  # a title has no links


@pytest.mark.parametrize("text", [*NASTY, "`", "``", "a`b``c", " x ", ""])
def test_code_is_code(text: str) -> None:
    [paragraph] = [t for t in MarkdownIt().parse(f"x {code(text)} y") if t.type == "inline"]
    assert [child.type for child in paragraph.children or ()] == ["text", "code_inline", "text"]
    assert "\n" not in code(text)


def finding(**values: object) -> Finding:
    given: dict[str, object] = {
        "id": "1",
        "rule": "EVT101",
        "name": "sleep",
        "tier": "safe",
        "status": "rewritten",
        "step": 1,
        "api": "eventlet.sleep",
        "line": 3,
        "column": 0,
        "end_line": 3,
        "end_column": 9,
        "message": "eventlet.sleep becomes time.sleep",
        "why": "the two are the same under monkey_patch()",
    }
    return Finding(**(given | values))  # type: ignore[arg-type]


def ledger(*entries: FileEntry) -> Ledger:
    summary = summarise(entries, files_seen=1, files_parsed=1)
    return Ledger(tool={}, run=Run(root="/x", profile="oslo"), files=entries, summary=summary)


LEDGER = ledger(
    FileEntry(
        path="nova/a|`b`.py",
        status="changed",
        findings=(
            finding(),
            finding(id="2", line=9, tier="review", may_differ=("C-YIELD", "C-TYPE")),
            finding(
                id="3",
                rule="EVT999",
                line=12,
                status="left",
                tier="manual",
                message="left: `x` of @owner is unknown",
                why="a call of <b>it</b> was not found",
            ),
        ),
        hazards=(
            Hazard(
                id="4",
                rule="EVT901",
                name="shared",
                status="open",
                line=2,
                column=0,
                end_line=2,
                end_column=1,
                message="two threads write it",
                why="w",
                advice="take a lock",
                evidence=(Evidence(path="a.py", line=2, what="here"),),
            ),
        ),
    ),
    FileEntry(
        path="plug.py",
        status="changed",
        findings=(finding(id="5", rule="XYZ001", name="of-a-plug-in", message="plugged"),),
    ),
)


def proposed(**values: object) -> Proposal:
    given: dict[str, object] = {
        "repo": Repo(name="nova", subject_prefix="[eventlet-removal] "),
        "git_dir": Path("/nowhere"),
        "base": "b" * 40,
        "head": "c" * 40,
        "commits": (
            Commit("1" * 40, "Sleep for #5", "I1", ("EVT101",), ""),
            Commit("2" * 40, "Plug", "I2", (), ""),
        ),
        "target": "master",
        "ledger": json.loads(LEDGER.to_json()),
        "campaign": "off`eventlet",
        "version": "0.1",
        "depends_on": ("https://review.example.org/c/oslo/+/1", "Iabc"),
    }
    return Proposal(**(given | values))  # type: ignore[arg-type]


CONTENT = "c0" * 32


def link(path: str, line: int) -> str:
    return f"https://f.example/{path.replace('`', '%60').replace('|', '%7C')}#L{line}"


def test_what_the_text_says() -> None:
    body = body_of(proposed(), link, 10_000, CONTENT)
    headings = re.findall(r"(?m)^### .*", body)
    assert headings == [
        "### EVT101 sleep",
        "### XYZ001 of-a-plug-in",
        "### Left",
        "### Hazards that come with threads",
    ]
    for line in [
        "- 111111111111 Sleep for #\u200b5 (EVT101)",
        "- https://review.example.org/c/oslo/+/1",
        "- `Iabc`",
        "eventlet's sleep becomes time.sleep.",
        "The two are the same under monkey\\_patch\\(\\).",
        "2 rewritten in 1 file, 1 to review.",
        "plugged.",
        "1 use that a person must see to:",
    ]:
        assert line in body.split("\n"), line
    assert "- C-YIELD: does something rely on every ready green thread" in body
    assert "[``nova/a|`b`.py:9``](https://f.example/nova/a%7C%60b%60.py#L9)" in body
    assert "- EVT999: `x` of @\u200bowner is unknown; a call of &lt;b&gt;it&lt;/b&gt;" in body
    assert "Made by eventlet-codemod 0.1 in the campaign ``off`eventlet``, on top of bbbb" in body
    text = text_of(body).replace("https://review.example.org", "")
    assert not ACTS.search(text)


def test_titles() -> None:
    both = proposed()
    assert title_of(both) == "[eventlet-removal] Take the code off eventlet: 2 commits"
    assert title_of(dataclasses.replace(both, commits=both.commits[:1])) == "Sleep for #\u200b5"


def test_many_places_are_counted() -> None:
    found = tuple(finding(id=str(n), line=n, may_differ=("C-TYPE",)) for n in range(1, 9))
    many = ledger(FileEntry(path="a.py", status="changed", findings=found))
    body = body_of(proposed(ledger=json.loads(many.to_json())), lambda *_: "", 10_000, CONTENT)
    assert "`a.py:5` and 3 more." in body and "a.py:6" not in body


def test_many_commits_are_counted() -> None:
    many = tuple(Commit(f"{n:040x}", "Sleep", f"I{n}", (), "") for n in range(53))
    body = body_of(proposed(commits=many), link, 10_000, CONTENT)
    assert body.count(" Sleep\n") == 50 and "\n- and 3 more\n" in body


def test_a_text_has_a_limit_and_stays_ours() -> None:
    whole = body_of(proposed(), link, 10_000, CONTENT)
    short = body_of(proposed(), link, 1100, CONTENT)
    assert len(short) <= 1100 < len(whole)
    assert re.search(r"\d sections did not fit; see the commits\.", short)
    assert is_ours(short) and short.endswith("<!-- eventlet-codemod: end -->")


def test_our_part_is_renewed_and_the_rest_stays() -> None:
    ours = body_of(proposed(), link, 10_000, CONTENT)
    new = body_of(proposed(version="0.2 \\1"), link, 10_000, CONTENT)
    assert merged(f"Above\n{ours}\nBelow", new) == f"Above\n{new}\nBelow"
    assert merged("A person's text.", new) == "A person's text."
    assert not is_ours("A person's text.") and is_ours(new.replace("\n", "\r\n"))
    assert has_content(f"Above\r\n{ours}", CONTENT) and not has_content(ours, "d" * 64)
    assert not has_content("A person's text.", CONTENT)
    assert same(ours.replace("\n", "\r\n") + "\n", ours) and not same(ours, new)


def test_a_finding_cannot_end_our_part() -> None:
    evil = finding(why="x <!-- eventlet-codemod: end --> y")
    hostile = ledger(
        FileEntry(path="<!-- eventlet-codemod: end -->", status="changed", findings=(evil,))
    )
    body = body_of(proposed(ledger=json.loads(hostile.to_json())), link, 10_000, CONTENT)
    assert merged(body, "new") == "new"
