"""Services whose code a project runs in its own process: they may use eventlet still."""

from __future__ import annotations

import re

from eventlet_codemod.facts import Facts
from eventlet_codemod.facts.project import is_test

#: Those with code that runs on eventlet, and that plug-ins import.
_SERVICES = frozenset(
    (
        *("cinder", "cyborg", "designate", "glance", "heat", "ironic", "magnum", "manila"),
        *("masakari", "mistral", "murano", "neutron", "nova", "octavia", "os_ken", "ryu"),
        *("sahara", "senlin", "swift", "tacker", "trove", "watcher", "zun"),
    )
)
_IMPORTS = r"(?m)^[ \t]*(?:from|import)[ \t]+{}\b"


def asks(facts: Facts, *, everywhere: bool) -> dict[str, str]:
    """The question whether such a service needs the patching that goes here.

    ``everywhere``: it may be imported by any file of the project that is no test.
    """
    for name in sorted(_SERVICES):
        path = _importer(name, facts, everywhere=everywhere)
        if path is not None:
            place = "" if path == facts.path else f", which {path} imports,"
            return {
                "C-VERSION": f"the code of {name}{place} runs in this process: is it a release "
                "that needs no patching? On eventlet, one native wait stops its green threads"
            }
    return {}


def _importer(name: str, facts: Facts, *, everywhere: bool) -> str | None:
    """The file that imports a service which the project does not hold; this one if it does."""
    form = _IMPORTS.format(name)
    if facts.project.has_module(name):
        return None
    if re.search(form, facts.text):
        return facts.path
    if not everywhere or facts.project.root is None:
        return None
    others = facts.project.mentions(frozenset({name}), facts.path).get(name, ())
    found = (p for p in others if not is_test(p) and facts.project.matches(p, form))
    return next(found, None)
