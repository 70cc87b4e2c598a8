"""`spawn_for_awaitable` runs a coroutine on eventlet's asyncio hub, as a green thread.

Without the hub the event loop needs a thread of its own. `run_coroutine_threadsafe` hands a
coroutine to it and gives a `concurrent.futures.Future`: `result()` for `wait()`, `cancel()` for
`kill()`. Where the whole program becomes asyncio's, it is just `await`.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT736"
_WHY = "it runs on eventlet's asyncio hub; without the hub somebody else has to run the loop"
_ADVICE = {
    "eventlet.asyncio": "hand the coroutine to a loop that runs in a thread of its own, with "
    "asyncio.run_coroutine_threadsafe(coroutine, loop): result() is wait(), cancel() is kill(); "
    "for a single one asyncio.run(coroutine) in a thread is enough",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_SKETCH = '''\
import asyncio
import threading


class Loop:
    """An event loop in a thread of its own."""

    def __init__(self):
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()

    def spawn(self, awaitable):
        """Run it; gives a future: result() waits for it, cancel() cancels it."""

        async def run():
            return await awaitable

        return asyncio.run_coroutine_threadsafe(run(), self.loop)

    def close(self):
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
'''

_EXAMPLE = """\
from eventlet.asyncio import spawn_for_awaitable


def fetch(client, url):
    return spawn_for_awaitable(client.get(url)).wait()
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="coroutines on eventlet's hub are left, with a loop in a thread",
    apis=frozenset({"eventlet.asyncio.*"}),
    match=match,
    references=("AIO-1",),
    sketches={"an event loop in a thread": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
