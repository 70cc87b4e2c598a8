"""Tests that let oslo.service's looping calls sleep no time name what sleeps on threads.

On its eventlet backend a looping call waits by `EventletEvent.wait` of oslo.utils, which tests
patch to make it return at once. On threads it waits by a `threading.Event`, as its callers do for
the result, so that this may not be patched: what is named is the method of looping calls itself
that does the sleeping. It is private, and the reviewer is told; both kinds of looping calls and
oslo.service's retries call it as often as eventlet's event was waited for.

This changes together with the backend, where the setting `monkey-patch` is `init-backend`. A patch
stays where the project itself has events of oslo.utils.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rewrite, Rule
from eventlet_codemod.rules.testing import _targets
from eventlet_codemod.rules.testing._names import renamed

_WAIT = "oslo_utils.eventletutils.EventletEvent.wait"
_SLEEP = "oslo_service.loopingcall.LoopingCallBase._sleep"


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Name the method of oslo.service in a patch of eventlet's wait."""
    if settings.monkey_patch != "init-backend":
        return None
    target = _targets.target_of(use, facts)
    if target is None or target.module or target.patch.name != _WAIT:
        return None
    if _targets.find(target, facts) is not None:
        return None  # it is for code that is rewritten, or stays
    word = frozenset({"loopingcall"})
    if "loopingcall" not in facts.text and not facts.project.mentions(word, facts.path):
        return None
    return Rewrite(
        message=f"the patch is for `{_SLEEP}`, by which looping calls sleep on threads",
        why="on that backend no looping call waits for an event of oslo.utils",
        edits=(renamed(target.patch, _SLEEP),),
        checks={
            "C-MOCK": "it is a private name of oslo.service: does a newer release still have it? "
            "Everything in the process that loops meets this mock"
        },
        setting="monkey-patch",
    )


rule = Rule(
    code="EVT600",
    family="testing",
    step=3,
    summary="a patch that lets looping calls sleep no time names what sleeps on threads",
    apis=frozenset({_WAIT}),
    match=match,
    checks=("C-MOCK",),
    settings=("monkey-patch",),
    references=("OSL-11",),
    example_settings={"monkey_patch": "init-backend"},
    before="""\
from unittest import mock

from pkg import driver  # uses oslo_service.loopingcall


@mock.patch('oslo_utils.eventletutils.EventletEvent.wait', autospec=True)
def test_polls_until_it_is_on(mock_sleep):
    driver.power_on()
    assert mock_sleep.call_count == 2
""",
    after="""\
from unittest import mock

from pkg import driver  # uses oslo_service.loopingcall


@mock.patch('oslo_service.loopingcall.LoopingCallBase._sleep', autospec=True)
def test_polls_until_it_is_on(mock_sleep):
    driver.power_on()
    assert mock_sleep.call_count == 2
""",
)
