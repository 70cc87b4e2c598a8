# proves: switches of eventlet's own debugging go, and the blocks they stood in stay valid
# api: eventlet.debug.hub_exceptions, eventlet.debug.hub_prevent_multiple_readers
# tier: review
# settings: force=yes
import os

import eventlet.debug
from eventlet import debug
from eventlet.debug import hub_blocking_detection

debug.hub_prevent_multiple_readers(False)
debug.hub_listener_stacks(False)
eventlet.debug.hub_timer_stacks(False)
hub_blocking_detection(False)


def setup(verbose):
    if verbose:
        eventlet.debug.hub_exceptions(True)
    else:
        debug.tpool_exceptions(False)
    return "verbose" if verbose else "quiet"


if os.environ.get("NEVER_SET_BY_ANYONE"):
    debug.hub_exceptions(False)
print(setup(True), setup(False))
