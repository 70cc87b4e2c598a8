from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from eventlet_codemod.batch.publish.trailers import (
    change_id,
    change_ids,
    later_id,
    with_change_id,
    with_footers,
)

ID = f"I{7:040x}"
MESSAGE = f"Subject\n\nWhy: because.\nMore.\n\nChange-Id: {ID}\n"
FOOTERS = ["Depends-On: https://review.example.org/c/oslo/+/1", "Depends-On: Iabc"]


def as_git_reads(message: str, where: Path) -> list[str]:
    done = subprocess.run(
        ["git", "interpret-trailers", "--parse"],
        input=message.encode(),
        cwd=where,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode().splitlines()


def test_footers_stand_before_the_change_id(tmp_path: Path) -> None:
    text = with_footers(MESSAGE, FOOTERS)
    assert text == MESSAGE.replace("Change-Id", "\n".join([*FOOTERS, "Change-Id"]))
    assert as_git_reads(text, tmp_path) == [*FOOTERS, f"Change-Id: {ID}"]


@pytest.mark.parametrize(
    "message",
    [
        MESSAGE,
        "Subject: only\n",
        "Subject\n\nText without footers.\n",
        "Subject\n\nText\n\nSigned-off-by: A B <a@example.org>\n",
        f"Subject\n\nChange-Id: {ID}\nSigned-off-by: A B <a@example.org>\n",
    ],
)
def test_twice_is_once_and_git_finds_all(message: str, tmp_path: Path) -> None:
    before = as_git_reads(message, tmp_path)
    text = with_footers(message, FOOTERS)
    assert with_footers(text, FOOTERS) == text
    assert sorted(as_git_reads(text, tmp_path)) == sorted([*before, *FOOTERS])
    assert change_id(text) == change_id(message)
    assert text.startswith(message.rstrip("\n").split("\n\n")[0])


def test_without_footers_nothing_changes() -> None:
    assert with_footers(MESSAGE, []) == MESSAGE
    assert with_footers("Subject\n\nText\n", []) == "Subject\n\nText\n"


@pytest.mark.parametrize("footer", ["no footer", "Depends-On: a\nb", "Depends-On:", ""])
def test_what_is_no_footer(footer: str) -> None:
    with pytest.raises(ValueError, match="not a footer"):
        with_footers(MESSAGE, [footer])


def test_a_change_id_counts_in_the_last_paragraph_only() -> None:
    assert change_id(MESSAGE) == ID
    assert change_id(f"Subject\n\nChange-Id: {ID}\n\nText\n") == ""
    assert change_id(f"Change-Id: {ID}\n") == ""
    assert change_id(with_change_id("Subject\n\nText\n", ID)) == ID
    assert with_change_id(MESSAGE, ID) == MESSAGE


def test_change_ids_are_the_campaigns_own() -> None:
    series = [MESSAGE, MESSAGE, "Subject\n\nWithout one.\n"]

    def ids(**other: object) -> list[str]:
        values: dict[str, object] = {"project": "nova", "campaign": "one"}
        made = change_ids(series, **(values | other))  # type: ignore[arg-type]
        return [change_id(message) for message in made]

    first = ids()
    assert first == ids()
    others = [ids(project="cinder"), ids(campaign="two"), [later_id(name, 1) for name in first]]
    every = [name for names in [first, *others] for name in names]
    assert len(set(every)) == len(every) == 12
    assert [later_id(name, 0) for name in first] == first
    assert later_id(first[0], 2) not in every
