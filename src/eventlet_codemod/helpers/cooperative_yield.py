"""`eventlet.sleep(0)`: let the others run."""

from __future__ import annotations

import sys
import time


def cooperative_yield() -> None:
    """Let other green threads run, if eventlet has patched the process.

    Native threads take turns anyway, so otherwise this does nothing, and
    when the patching has gone for good the call can go, too.
    """
    patcher = sys.modules.get("eventlet.patcher")  # eventlet-codemod: ignore
    if patcher is not None and patcher.is_monkey_patched("time"):
        time.sleep(0)
