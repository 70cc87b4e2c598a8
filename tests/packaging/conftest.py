from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from packaged import Outcome, prove, run_on

Run = Callable[..., Outcome]


@pytest.fixture
def package(tmp_path: Path) -> Run:
    """Run over files given by path, and prove the result."""

    def packaged(files: dict[str, str | bytes], **given: Any) -> Outcome:
        for path, text in files.items():
            target = tmp_path / path
            target.parent.mkdir(parents=True, exist_ok=True)
            data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")
            target.write_bytes(data)
        outcome = run_on(tmp_path, **given)
        prove(outcome, given)
        return outcome

    return packaged


@pytest.fixture
def becomes(package: Run) -> Callable[..., Outcome]:
    """Check that one file becomes another, with any line ends, and alone or among others."""

    def check(path: str, before: str, after: str, **given: Any) -> Outcome:
        outcome = package({path: before}, **given)
        assert outcome.text(path) == after
        crlf = package({path: before.replace("\n", "\r\n")}, **given)
        assert crlf.text(path) == after.replace("\n", "\r\n")
        assert crlf.told() == outcome.told()
        bare = package({path: before.removesuffix("\n")}, **given)
        assert bare.text(path).removesuffix("\n") == after.removesuffix("\n")
        if before.strip() and after.strip():
            assert not bare.text(path).endswith("\n")
        return outcome

    return check


@pytest.fixture
def stays(becomes: Callable[..., Outcome]) -> Callable[..., Outcome]:
    """Check that a file stays as it is; with ``says``, with a finding that says so."""

    def check(path: str, text: str, *, says: str | None = None, **given: Any) -> Outcome:
        outcome = becomes(path, text, text, **given)
        if says is None:
            assert outcome.told() == []
        else:
            assert says in outcome.messages()
            assert {line.split(maxsplit=2)[2] for line in outcome.told()} <= {
                "manual left",
                "safe left",
                "review left",
                "safe suppressed",
                "review suppressed",
                "manual suppressed",
            }
        return outcome

    return check
