"""With `monkey-patch = "switch"` the environment decides whether the process is patched.

Each call of `monkey_patch()` becomes one of `patch()` in a module that the project gets,
`monkey_patch.py` in its package (or what `monkey-patch-module` names). As long as the environment
variable that is named in it is not set, `patch()` passes everything on to eventlet, and nothing
changes. With `OS_NOVA_DISABLE_EVENTLET_PATCHING=1`, for a package `nova` (without `OS_` in profile
`stdlib`), the process is not patched, every import of eventlet fails, and oslo.service gets its
threading backend where the project uses it. So the tests of a project can run in both modes while
the rest of eventlet goes, and this need not wait for anything. What belongs to the end of monkey
patching, such as unwrapping `tpool`, stays meanwhile, since it would be wrong in one of them.

Asked is what the order of imports does not settle by itself: a script that loads its own package
before it patches, where that package loads more; and what fails once the variable is set, such as
a backend that oslo.service has chosen by then.

With another value of the setting a later run ends dual mode: it reads `patch()` as `monkey_patch()`
and `is_patched()` as `is_monkey_patched()`, and does what it does with those. When no file imports
the module any more it is deleted, and the environment of tox with it. A module that was edited
stays, and goes by hand.

A call stays where the project has a module of that name with other functions in it, or the package
binds the name to something else; in that module itself; in a file outside the package that does not
import the package yet; and where the package cannot be told.
"""

from __future__ import annotations

from eventlet_codemod import dual
from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule, leave_in_doubt
from eventlet_codemod.rules.ecosystem._packages import chosen_before
from eventlet_codemod.rules.ecosystem._unsupported import uses_the_backend
from eventlet_codemod.rules.patching import _originals, _switch


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Call the module of the project."""
    if settings.monkey_patch != "switch" or use.kind != "reference":
        return None
    if doubt := leave_in_doubt(use):
        return doubt
    module = _switch.module_of(facts, settings)
    if isinstance(module, Leave):
        return module
    name = _switch.variable(module, settings)
    if _switch.is_out_of_reach(module, facts):
        package = module.partition(".")[0]
        return Leave(
            message=f"this file stands outside of `{package}`, and may not be able to import it",
            why=f"`{module}` decides whether to patch",
            advice=f"ask {name} here as `{module}` does; or leave it, if nothing of the project "
            "runs in this process",
            setting="monkey-patch",
        )
    return Rewrite(
        message=f"`{module}.patch` patches, unless {name} is set",
        why="it passes everything on to eventlet; when the variable is set, this process runs on "
        "native threads and imports no eventlet",
        edits=(_switch.calls(use, module, dual.PATCH),),
        checks=_checks(use, module, name, facts),
        needs=(module,),
        makes=module,
        setting="monkey-patch",
    )


def _checks(use: Use, module: str, name: str, facts: Facts) -> dict[str, str]:
    """What the order of imports leaves open, and what fails on native threads."""
    checks = {}
    early = []
    if found := _switch.loaded_early(module, use, facts):
        early.append(
            f"this may load {found} before the process is patched: does that take anything of what "
            "is patched, as in `from time import sleep`?"
        )
    if line := _switch.set_after_import(use, facts):
        early.append(
            f"line {line} names what eventlet reads when it is imported, which is when `patch` is "
            "called now: is it set there?"
        )
    if use.function is None and uses_the_backend(facts):
        certain, _ = chosen_before(use.statement, facts)
        if certain and not _switch.is_patched_before(facts):
            early.append(
                f"with {name} set, BackendAlreadySelected is raised here, since oslo.service is "
                f"loaded before by {certain}: can the call stand above it?"
            )
    if early:
        checks["C-EARLY"] = " ".join(early)
    if line := _originals.line_of_copy(facts):
        checks["C-BRANCH"] = (
            f"line {line} imports what only patching makes, and fails with {name} set: let it "
            f"depend on `{module}.is_patched()`"
        )
    return checks


rule = Rule(
    code="EVT511",
    family="patching",
    step=1,
    summary="an environment variable decides whether the process is patched",
    apis=frozenset({"eventlet.patcher.monkey_patch"}),
    match=match,
    checks=("C-EARLY", "C-BRANCH"),
    settings=("monkey-patch", "monkey-patch-module"),
    references=("IMP-2", "OSL-1", "OSL-2"),
    example_settings={"monkey_patch": "switch", "monkey_patch_module": "pkg.monkey_patch"},
    before="""\
import eventlet
eventlet.monkey_patch(os=False)

import sys  # noqa: E402


def main():
    print(sys.version)
""",
    after="""\
from pkg import monkey_patch
monkey_patch.patch(os=False)

import sys  # noqa: E402


def main():
    print(sys.version)
""",
)
