"""The page of a rule: what ``explain`` prints, and what ``docs/rules`` holds."""

from __future__ import annotations

import json
import textwrap
import typing

from eventlet_codemod.config import Settings
from eventlet_codemod.hazards import HazardRule
from eventlet_codemod.ledger import STEPS
from eventlet_codemod.packaging import PackagingRule
from eventlet_codemod.report.rulelist import describe
from eventlet_codemod.rules.base import CHECKS

if typing.TYPE_CHECKING:
    from eventlet_codemod.codemods.base import Codemod
    from eventlet_codemod.rules import Rule

_WIDTH = 98


def rule_page(rule: Rule, codemod: Codemod | None = None) -> str:
    """Give the page, in Markdown, of a built-in rule or of one of a codemod."""
    sections = [
        f"# {rule.code} {rule.name}",
        sentence(rule.summary),
        *_text(rule),
        *([f"## Example\n\n{_example(rule)}"] if rule.before else []),
        *_by_hand(rule),
        f"## Tier\n\n{_tier(rule, codemod)}",
        f"## Step\n\n{_step(rule)}",
    ]
    if rule.settings:
        settings = "\n".join(_item(_setting(key)) for key in rule.settings)
        sections.append(f"## Settings\n\n{settings}")
    if rule.references:
        rows = f"Rows of the table of semantics: {', '.join(rule.references)}."
        wrapped = textwrap.fill(rows, _WIDTH, break_on_hyphens=False)
        sections.append(f"## References\n\n{wrapped}")
    return "\n\n".join(sections) + "\n"


def rule_json(rule: Rule, codemod: Codemod | None = None) -> str:
    """Give what the page says as JSON."""
    origin = (f"{codemod.kind}, {codemod.origin}",) if codemod is not None else ()
    told = {
        **describe(rule, *origin),
        "text": rule.text,
        "apis": sorted(rule.apis),
        "before": rule.before,
        "after": rule.after,
        "example_settings": _given(rule),
        "sketches": dict(getattr(rule, "sketches", {})),
        "rewrites": rewrites(rule),
        "may_differ": {code: _asked(code, codemod) for code in rule.checks},
        "relies_on": rule.relies_on,
        "last": rule.last,
        "settings": list(rule.settings),
        "references": list(rule.references),
    }
    return json.dumps(told, indent=2) + "\n"


def _example(rule: Rule) -> str:
    given = "".join(
        f"With `{key} = {json.dumps(value)}`:\n\n" for key, value in _given(rule).items()
    )
    file = rule.file if isinstance(rule, PackagingRule) else ""
    given += f"In `{file}`:\n\n" if file else ""
    if isinstance(rule, HazardRule):
        for path, text in rule.example_files.items():
            given += f"Beside `{path}`:\n\n{_fenced(text)}\n\nthe file `{rule.example_path}`\n\n"
        return f"{given}{_fenced(rule.before)}\n\nstays as it is; this warns of {rule.summary}."
    if rule.before == rule.after:
        return f"{given}{_fenced(rule.before, file)}\n\nstays as it is."
    return f"{given}{_fenced(rule.before, file)}\n\nbecomes\n\n{_fenced(rule.after, file)}"


def _by_hand(rule: Rule) -> list[str]:
    """The section of what a person can write where the rule leaves a use."""
    if isinstance(rule, PackagingRule) or not rule.sketches:
        return []
    told = [f"{sentence(title)[:-1]}:\n\n{_fenced(code)}" for title, code in rule.sketches.items()]
    return ["## By hand\n\n" + "\n\n".join(told)]


def _given(rule: Rule) -> dict[str, object]:
    """The settings of the example, as they would stand in a file."""
    chosen = Settings(**rule.example_settings).as_dict()  # type: ignore[arg-type]
    keys = (field.replace("_", "-") for field in rule.example_settings)
    return {key: chosen[key] for key in keys}


def _fenced(code: str, file: str = "") -> str:
    kinds = {".toml": "toml", ".cfg": "ini", ".conf": "ini", ".txt": "text", ".py": "python"}
    kind = kinds.get(file[file.rfind(".") :], "ini" if "rc" in file else "text")
    return f"```{kind if file else 'python'}\n{code.rstrip()}\n```"


def rewrites(rule: Rule) -> bool:
    """Whether a rule changes code; one that only reports or warns does not."""
    if rule.family in ("reporting", "hazards"):
        return False
    return rule.before != rule.after or bool(rule.checks)


def _text(rule: Rule) -> list[str]:
    """The text of the rule, without a first line that is its summary."""
    first, _, rest = rule.text.partition("\n")
    text = rest.strip() if first.rstrip(".") == rule.summary.rstrip(".") else rule.text
    return [text] if text else []


def _asked(code: str, codemod: Codemod | None) -> str:
    """A question, in the words of the codemod if it has some."""
    own = codemod.asks if codemod is not None and code == "C-CODEMOD" else ""
    return own or CHECKS[code]


def _tier(rule: Rule, codemod: Codemod | None) -> str:
    if isinstance(rule, HazardRule):
        told = (
            "*review*, without an edit: it is no use of eventlet, is counted apart, and nothing "
            "waits for it. A comment keeps it quiet where the code is right: "
            f"`# eventlet-codemod: ignore[{rule.code}] why`."
        )
        return textwrap.fill(told, _WIDTH)
    if not rewrites(rule):
        return "*manual*: the code is left alone, with advice."
    codes = rule.checks
    if codes and codemod is not None and codemod.make_stage is not None:
        question = _item(f"`C-CODEMOD`: {sentence(_asked('C-CODEMOD', codemod))}")
        return f"*review*: each edit asks this. What it only tells is *manual*.\n\n{question}"
    if not codes:
        return "*safe*: behaviour is kept for every use that this rule rewrites."
    questions = "\n".join(_item(f"`{code}`: {sentence(_asked(code, codemod))}") for code in codes)
    told = (
        "*safe* where analysis can show that behaviour is kept; else *review*, and the finding "
        "names those of these questions that are open."
    )
    told += " A use that cannot be rewritten at all is *manual*: left, with advice."
    return f"{textwrap.fill(told, _WIDTH)}\n\n{questions}"


def _item(text: str) -> str:
    return textwrap.fill(
        text, _WIDTH, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False
    )


def _step(rule: Rule) -> str:
    if isinstance(rule, HazardRule):
        when = (
            "It is told in every step. It does harm as soon as threads are native: with step 3, "
            "entry-points, or at once where nothing is patched."
        )
        return textwrap.fill(when, _WIDTH)
    told = [f"{rule.step}, {STEPS[rule.step]}."]
    if rule.relies_on:
        told.append(
            f"Where `monkey_patch()` does not cover `{rule.relies_on}`, it waits until nothing "
            "else in the project needs green threads."
        )
    if isinstance(rule, PackagingRule) and rule.step == 4:
        told.append("It waits until no use of eventlet is left in the project.")
    if rule.last:
        told.append("It waits until nothing else of eventlet is left in the project.")
    return textwrap.fill(" ".join(told), _WIDTH)


def _setting(key: str) -> str:
    field = key.replace("-", "_")
    default = getattr(Settings(), field)
    hint = typing.get_type_hints(Settings)[field]
    values = [value for value in typing.get_args(hint) if isinstance(value, str)]
    shown = [f"`{value}`{' (default)' * (value == default)}" for value in values]
    return f"`{key}`: {', '.join(shown)}" if shown else f"`{key}`"


def sentence(text: str) -> str:
    """A text with a capital letter, save where a name begins it, and a stop."""
    word = text.partition(" ")[0]
    start = text[:1].upper() if word.isalpha() else text[:1]
    end = "" if text.endswith((".", "?", "!")) else "."
    return start + text[1:] + end
