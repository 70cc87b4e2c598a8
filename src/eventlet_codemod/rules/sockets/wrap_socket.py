"""`wrap_socket` of the green `ssl` becomes `wrap_ssl` or `wrap_server` of the helpers.

It verifies nothing, whatever it is told, and the plain `ssl` has none in Python 3.12. With the
setting `helpers`, the project's own functions wrap the socket by an `ssl.SSLContext` that verifies
nothing either: the reviewer is asked whether that may go on.

A call stays where `cert_reqs` or `ca_certs` say that somebody meant to verify, since only a person
can decide between what was meant and what is done; so does one with other arguments than a key, a
certificate and a server's ciphers, and one whose socket may be listening, of which eventlet makes
a server also without `server_side`. One that certainly listens, since the function makes it by
`listen`, is wrapped by `wrap_server`. The import of the green module stays with a call that does.
One that falls back to the plain `ssl` leaves no doubt where nothing is to be verified, since
neither verifies anything then.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import OPTIONAL, Facts, Use
from eventlet_codemod.ledger import PACKAGING
from eventlet_codemod.rules.base import Decision, Leave, Rewrite, Rule
from eventlet_codemod.rules.green import _fallback
from eventlet_codemod.rules.sockets import _tls

PATH = "eventlet.green.ssl.wrap_socket"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Call the helper, or say what a person has to decide."""
    if use.kind != "reference":
        return None
    module = settings.helpers
    if objection := objection_to(use, facts, settings):
        return Leave(
            message=f"this wrap_socket stays: {objection}",
            why="it never verified anything, whatever it is told, and an SSLContext would",
            advice=_tls.advice(objection),
            setting="helpers",
            step=PACKAGING if use.doubt == OPTIONAL else None,
        )
    assert use.call is not None and module is not None
    wrapping = _tls.read(use, facts)
    return Rewrite(
        message=f"`{module}.{wrapping.helper}` wraps the socket",
        why="neither verifies anything",
        edits=(_tls.renamed(use, module, wrapping),),
        checks={"C-TLS": _tls.question(use)} if wrapping.helper == _tls.CLIENT else {},
        needs=(module,),
        helpers=(wrapping.helper,),
        setting="helpers",
    )


def objection_to(use: Use, facts: Facts, settings: Settings) -> str:
    """Why a call must stay, "" if it need not."""
    reason = _tls.read(use, facts).objection if use.call is not None else "it is not called"
    if use.doubt and not reason.startswith(_tls.NEVER) and not _fallback.means_one(use, facts):
        return f"{_tls.DOUBT}: {use.doubt}"
    if reason:
        return reason
    return "" if settings.helpers is not None else "`helpers` names no module for it"


rule = Rule(
    code="EVT725",
    family="sockets",
    step=1,
    summary="wrap_socket of the green ssl becomes a function of the project",
    apis=frozenset({PATH}),
    match=match,
    checks=("C-TLS",),
    relies_on="socket",
    settings=("helpers",),
    references=("NET-5", "D25"),
    example_settings={"helpers": "pkg.concurrency"},
    before="""\
from eventlet.green import ssl


def wrap(sock, cert):
    try:
        return ssl.wrap_socket(sock, certfile=cert, cert_reqs=ssl.CERT_NONE)
    except ssl.SSLError:
        return None
""",
    after="""\
import ssl

from pkg import concurrency


def wrap(sock, cert):
    try:
        return concurrency.wrap_ssl(sock, certfile=cert)
    except ssl.SSLError:
        return None
""",
)
