"""``plan``: what stands between projects and the next step."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from eventlet_codemod.cli.options import Options, shared_options

if TYPE_CHECKING:
    from eventlet_codemod.ledger import Ledger
    from eventlet_codemod.projects import Planned


@click.command("plan", short_help="Say what stands before the next step.")
@shared_options
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="Default: text."
)
def command(options: Options, form: str) -> int:
    """Print what goes now, what holds the rest, and which files are clean when that is gone.

    Reasons stand in the order of the uses that they hold, files in that of what is left in them.
    Given paths of several projects, it prints in which order they go: libraries before the
    services that need them. Nothing is written.
    """
    from eventlet_codemod.cli import session

    if not options.stdin:
        projects = session.paths_by_root(options.paths)
        if len(projects) > 1:
            return _plan_projects(options, projects, form)
    return _plan_one(options, form)


def _plan_one(options: Options, form: str) -> int:
    from eventlet_codemod.cli import outcome, session
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.projects import as_json
    from eventlet_codemod.report.words import printable
    from eventlet_codemod.roadmap import render, roadmap

    done = session.work(options)
    if done is None:
        return 0
    written = outcome.write_outputs(options, done.ledger)
    if form == "json":
        write_out(as_json([_planned(done.root, done.ledger)]))
    else:
        text = render(roadmap(done.ledger), most=None if options.verbose else 10)
        write_out("".join(f"{printable(line)}\n" for line in text.splitlines()))
    options.people.failures(outcome.failed_entries(done.ledger))
    outcome.tell_summary(options, done.ledger, would=True)
    return outcome.exit_code(done.ledger, written=written)


def _plan_projects(options: Options, projects: dict[Path, tuple[str, ...]], form: str) -> int:
    """Look at each project by itself: one that fails does not keep the others."""
    from eventlet_codemod.cli.group import FAILED, LEFT, OK
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.projects import as_json, render_projects
    from eventlet_codemod.report.words import count, printable

    _refuse_for_several(options)
    planned = []
    codes = set()
    for root, paths in projects.items():
        one, code = _plan_among_others(replace(options, paths=paths), root)
        planned.append(one)
        codes.add(code)
    if form == "json":
        write_out(as_json(planned))
    else:
        text = render_projects(planned)
        write_out("".join(f"{printable(line)}\n" for line in text.splitlines()))
    left = sum(code == LEFT for code in map(_code_of, planned))
    failed = sum(bool(one.error) for one in planned)
    told = f"{count(len(planned), 'project')}, {left} with uses of eventlet"
    options.people.tell(told + (f"; {failed} failed" if failed else ""), bold=True)
    options.people.tell("next: `eventlet-codemod plan` on one of them says what holds it")
    return FAILED if FAILED in codes else LEFT if LEFT in codes else OK


def _plan_among_others(options: Options, root: Path) -> tuple[Planned, int]:
    from eventlet_codemod.cli import outcome, session
    from eventlet_codemod.cli.group import FAILED
    from eventlet_codemod.config import ConfigError
    from eventlet_codemod.discovery import DiscoveryError
    from eventlet_codemod.packaging.identity import identity
    from eventlet_codemod.projects import Planned
    from eventlet_codemod.rules import UnknownRule

    try:
        done = session.work(options)
    except (ConfigError, DiscoveryError, UnknownRule, click.UsageError) as error:
        told = error.format_message() if isinstance(error, click.UsageError) else str(error)
        known = identity(root)
        return Planned(known.name, root, known.needs, None, told), FAILED
    assert done is not None
    options.people.failures(outcome.failed_entries(done.ledger))
    return _planned(root, done.ledger), outcome.exit_code(done.ledger, written=True)


def _planned(root: Path, ledger: Ledger) -> Planned:
    from eventlet_codemod.packaging.identity import identity
    from eventlet_codemod.projects import Planned
    from eventlet_codemod.roadmap import roadmap

    known = identity(root)
    return Planned(known.name, root, known.needs, roadmap(ledger))


def _code_of(planned: Planned) -> int:
    from eventlet_codemod.cli.group import LEFT, OK

    return LEFT if planned.roadmap is not None and planned.roadmap.steps else OK


def _refuse_for_several(options: Options) -> None:
    """What tells of one project cannot be asked for of several."""
    for name in ("ledger", "report", "show_settings", "show_files", "files_from"):
        if getattr(options, name):
            option = f"--{name.replace('_', '-')}"
            raise click.UsageError(f"{option} is for one project; these paths are of several")
