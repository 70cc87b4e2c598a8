"""From a run to what comes out of it: files, words, the exit code."""

from __future__ import annotations

import stat
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.cli.group import FAILED, LEFT, OK
from eventlet_codemod.cli.terminal import width
from eventlet_codemod.ledger import STEPS, FileEntry, Ledger, summarise
from eventlet_codemod.report import FORMATS, Style, render
from eventlet_codemod.report.words import count
from eventlet_codemod.source import write_atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from eventlet_codemod.cli.options import Options
    from eventlet_codemod.ledger import FileError


def style(options: Options, *, color: bool) -> Style:
    """How reports are to look."""
    return Style(color=color, width=width(), verbose=options.verbose)


def _outputs(options: Options) -> list[tuple[str, str]]:
    """The reports to write: format and file."""
    outputs = [("json", options.ledger)] if options.ledger is not None else []
    for text in options.report:
        form, equals, name = text.partition("=")
        if not equals or not name:
            raise click.UsageError(f"--report takes FORMAT=FILE, not {text!r}")
        if form not in FORMATS:
            known = ", ".join(FORMATS)
            raise click.UsageError(f"--report: no format {form!r}; there are {known}")
        outputs.append((form, name))
    return outputs


def check_outputs(options: Options) -> None:
    """Find out before the work what would lose its result."""
    for _, name in _outputs(options):
        path = Path(name)
        if name == "-":
            raise click.UsageError("reports go to files; name one, or use scan --format")
        if path.is_dir():
            raise click.UsageError(f"{name} is a directory; a report is a file")
        if not path.parent.is_dir():
            raise click.UsageError(f"{name}: there is no directory {path.parent}")


def write_outputs(options: Options, ledger: Ledger) -> bool:
    """Write the ledger and the reports that are asked for; False when one could not be."""
    done = True
    for form, name in _outputs(options):
        data = render(form, ledger, style(options, color=False))
        try:
            _write_file(Path(name), data.encode("utf-8", "surrogateescape"))
        except OSError as error:
            options.people.error(f"{name}: {error.strerror}")
            done = False
    return done


def _write_file(path: Path, data: bytes) -> None:
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):  # a pipe, /dev/stdout
        path.write_bytes(data)
    else:
        write_atomic(path, data)


def with_failures(ledger: Ledger, failures: Mapping[str, FileError]) -> Ledger:
    """The ledger with those files failed: nothing of them is done, whatever was planned."""
    if not failures:
        return ledger
    files = tuple(
        FileEntry(
            path=entry.path,
            status="failed",
            error=failures[entry.path],
            sha256_before=entry.sha256_before,
        )
        if entry.path in failures
        else entry
        for entry in ledger.files
    )
    before = ledger.summary
    summary = summarise(files, files_seen=before.files_seen, files_parsed=before.files_parsed)
    return replace(ledger, files=files, summary=summary)


def exit_code(ledger: Ledger, *, written: bool, applied: bool = False) -> int:
    """What the process is to end with; ``written`` says whether all output files could be."""
    summary = ledger.summary
    if summary.files_failed or not written:
        return FAILED
    return LEFT if summary.left or (summary.rewritten and not applied) else OK


def tell_summary(options: Options, ledger: Ledger, *, would: bool = False) -> None:
    """Say in a line or two what came of the run."""
    people = options.people
    people.tell(summary_line(ledger, would=would), bold=True)
    _tell_refusals(options, ledger)
    if ledger.files and not options.stdin and Path.cwd() != Path(ledger.run.root):
        people.tell(f"paths are relative to {ledger.run.root}")
    if options.verbose:
        people.tell(
            f"{count(ledger.summary.files_seen, 'Python file')} looked at in "
            f"{ledger.run.seconds:.1f} s, profile {ledger.run.profile}"
        )


def _tell_refusals(options: Options, ledger: Ledger) -> None:
    """Say what stands before the steps that were asked for."""
    if not options.step:
        return
    from eventlet_codemod.roadmap import refusals

    refused = list(refusals(ledger, _numbers(options.step)))
    for text in refused:
        options.people.tell(text)
    if refused:
        options.people.tell("next: `eventlet-codemod plan` shows all; `--force` does not wait")


def _numbers(steps: Iterable[str]) -> Iterator[int]:
    for number, name in STEPS.items():
        if str(number) in steps or name in steps:
            yield number


def summary_line(ledger: Ledger, *, would: bool = False) -> str:
    """One sentence on the whole run."""
    summary = ledger.summary
    failed = f"{count(summary.files_failed, 'file')} failed" if summary.files_failed else ""
    if not summary.uses:
        seen = count(summary.files_seen, "Python file")
        return "; ".join(filter(None, (f"no use of eventlet in {seen}", failed)))
    verb = "mentions" if summary.files_parsed == 1 else "mention"
    mention = f"{count(summary.files_parsed, 'file')} {verb} eventlet"
    findings = [finding for entry in ledger.files for finding in entry.findings]
    rewritten = [finding for finding in findings if finding.status == "rewritten"]
    left = [finding for finding in findings if finding.status == "left"]
    review = sum(finding.tier == "review" for finding in rewritten)
    manual = sum(finding.tier == "manual" for finding in left)
    tiers = f" ({len(rewritten) - review} safe, {review} to review)" if rewritten else ""
    parts = [
        f"{len(rewritten)} {'can be ' if would else ''}rewritten{tiers}",
        f"{manual} left for a person" if manual else "",
        f"{len(left) - manual} not asked for" if len(left) > manual else "",
        f"{summary.suppressed} suppressed" if summary.suppressed else "",
    ]
    uses = f"{count(summary.uses, 'use')}: {', '.join(filter(None, parts))}"
    hazards = count(summary.hazards, "hazard") if summary.hazards else ""
    return "; ".join(filter(None, (mention, uses, hazards, failed)))


def failed_entries(ledger: Ledger) -> list[FileEntry]:
    """The files that failed."""
    return [entry for entry in ledger.files if entry.failed]
