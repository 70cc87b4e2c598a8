"""``explain``: the page of a rule."""

from __future__ import annotations

import click

from eventlet_codemod.cli.options import codemod_option


@click.command("explain", short_help="Print the page of a rule.")
@click.argument("rule", metavar="CODE_OR_NAME")
@click.option("--format", "form", type=click.Choice(["markdown", "json"]), default="markdown")
@codemod_option
def command(rule: str, form: str, codemod: tuple[str, ...]) -> int:
    """Print the page of a rule: what it rewrites, when, and what to look at."""
    from eventlet_codemod.cli.terminal import write_out
    from eventlet_codemod.report.rulepage import rule_json, rule_page
    from eventlet_codemod.rules import find_rule

    if codemod:
        from eventlet_codemod.codemods.installed import install
        from eventlet_codemod.codemods.loading import load_codemod

        install([load_codemod(spec) for spec in codemod])
    found = find_rule(rule)
    write_out(rule_page(found) if form == "markdown" else rule_json(found))
    return 0
