"""Reports every use of eventlet that no other rule rewrites.

Nothing is passed over in silence: what is left for a person is named, with the reason and with
what to do. A file's uses are always as many as those rewritten, left and suppressed.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Leave, Rule, leave_in_doubt
from eventlet_codemod.rules.reporting.advice import IMPORT, MODE, STAR, STRING, advice_for


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave the use, with advice."""
    if use.kind == "reference" and (doubt := leave_in_doubt(use)):
        return doubt
    if use.kind == "string":
        why, advice = STRING if "." in use.path else MODE
        return Leave(message=f"the string {use.path!r} names eventlet", why=why, advice=advice)
    if use.kind == "star":
        return Leave(message=f"`from {use.path} import *`", why=STAR[0], advice=STAR[1])
    why, advice = advice_for(use.api)
    if use.kind == "import" and not use.path.startswith("eventlet.green."):
        return Leave(
            message=f"`{use.path}` is imported and not used", why=IMPORT[0], advice=IMPORT[1]
        )
    if use.kind == "handle":
        why = f"what eventlet made here stays: {why}"
    elif use.kind == "namespace":
        why = f"it is reached through another module's namespace; {why}"
    return Leave(message=f"`{use.path}` is left", why=why, advice=advice)


rule = Rule(
    code="EVT999",
    family="reporting",
    step=1,
    summary="every use that no rule rewrites is reported, with advice",
    apis=frozenset({"*"}),
    match=match,
    before="""\
import eventlet
from eventlet import backdoor


def listen(names):
    backdoor.backdoor_server(eventlet.listen(("localhost", 3000)), locals=names)
""",
    after="""\
import eventlet
from eventlet import backdoor


def listen(names):
    backdoor.backdoor_server(eventlet.listen(("localhost", 3000)), locals=names)
""",
)
