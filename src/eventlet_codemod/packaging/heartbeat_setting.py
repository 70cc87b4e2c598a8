"""`heartbeat_in_pthread` leaves the settings of services.

The option of oslo.messaging kept heartbeats out of eventlet's hub. Where nothing is patched it
does nothing, and since oslo.messaging 18 it is unknown. In an INI file its line leaves; a line that
is commented out, as in a generated sample, goes when the sample is made anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from eventlet_codemod.packaging import ini
from eventlet_codemod.packaging.base import Context, PackagingRule, Place, drop_lines

_CODE = "EVT812"
_OPTION = "heartbeat_in_pthread"
_FILES = re.compile(r"\.(?:conf|ini|cfg)(?:\.(?:sample|example|template))?$")


def reads(path: str) -> bool:
    """Whether a file may configure a service."""
    return bool(_FILES.search(path))


def scan(text: str, context: Context) -> Iterator[Place]:
    """Every line that sets the option."""
    for option in ini.options(text):
        if option.key != _OPTION:
            continue
        yield Place(
            rule=_CODE,
            api=_OPTION,
            start=option.start,
            end=option.start + len(_OPTION),
            message=f"the setting {_OPTION} leaves",
            why="where nothing is patched both of its values mean a native thread",
            edits=drop_lines(text, option.start, option.end),
        )


rule = PackagingRule(
    code=_CODE,
    summary=f"the setting {_OPTION} of oslo.messaging leaves",
    reads=reads,
    scan=scan,
    references=("OSM-2",),
    file="etc/pkg.conf",
    before="""\
[oslo_messaging_rabbit]
heartbeat_in_pthread = true
heartbeat_rate = 3
""",
    after="""\
[oslo_messaging_rabbit]
heartbeat_rate = 3
""",
)
