"""``explain``: the page of a rule."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import click

from eventlet_codemod.cli.options import codemod_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventlet_codemod.codemods.base import Codemod
    from eventlet_codemod.rules import Rule


@click.command("explain", short_help="Print the page of a rule.")
@click.argument("rule", metavar="CODE_OR_NAME")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown")
@codemod_option
def command(rule: str, form: str, codemod: tuple[str, ...]) -> int:
    """Print the page of a rule: what it rewrites, when, and what to look at.

    A codemod that `rules` lists has a page, too.
    """
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.codemods.loading import load_codemod
    from eventlet_codemod.report.codemodpage import codemod_json, codemod_page
    from eventlet_codemod.report.rulepage import rule_json, rule_page

    given = [load_codemod(spec) for spec in codemod]
    if given:
        from eventlet_codemod.codemods.installed import install

        install(given)
    found, owner = _found(rule, given)
    if found is None:
        assert owner is not None
        write_out(codemod_page(owner) if form == "markdown" else codemod_json(owner))
    elif form == "json":
        write_out(rule_json(found, owner))
    else:
        alone = owner is not None and owner.rules == (found,)
        write_out(codemod_page(owner) if owner and alone else rule_page(found, owner))
    return 0


def _found(text: str, given: Sequence[Codemod]) -> tuple[Rule | None, Codemod | None]:
    """The rule of that code or name, with its codemod; or no rule, and the codemod of that name.

    Codemods that can be had by a name are looked at where nothing else is called so. Raises
    UnknownRule, CodemodError.
    """
    from eventlet_codemod.codemods.loading import available, load_codemod
    from eventlet_codemod.config import ConfigError
    from eventlet_codemod.rules import UnknownRule, find_rule

    name = text.lower().replace("_", "-")
    try:
        rule = find_rule(text)
    except UnknownRule as error:
        codemods = [c for c in given if name in (c.name, c.name.lower().replace("_", "-"))]
        if not codemods and name in available():
            codemods = [load_codemod(name)]
        if codemods:
            return None, codemods[0]
        for other in available():
            with contextlib.suppress(ConfigError):
                codemod = load_codemod(other)
                for rule in codemod.rules:
                    if text.upper() == rule.code or text.lower() == rule.name:
                        return rule, codemod
        raise error
    return rule, next((c for c in given if rule in c.rules), None)
