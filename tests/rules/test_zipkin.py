"""Traces for Zipkin."""

from __future__ import annotations

import pytest

from eventlet_codemod.testing import Case, check, manual, noop

CASES = [
    noop(
        "another library",
        """
        import eventlet.event
        from py_zipkin import zipkin

        zipkin.zipkin_span('a', 'b')
        """,
    ),
    noop(
        "a module of the project",
        """
        import eventlet.event
        from pkg.zipkin import api

        api.put_annotation('a')
        """,
    ),
    noop(
        "a text",
        """
        import eventlet.event

        TEXT = 'eventlet zipkin'
        """,
    ),
    manual(
        "an annotation",
        """
        from eventlet.zipkin import api

        api.put_annotation('begun')
        """,
        says="put_annotation` is left",
    ),
    manual(
        "a value",
        """
        import eventlet.zipkin.api

        eventlet.zipkin.api.put_key_value('a', 1)
        """,
        says="put_key_value` is left",
    ),
    manual(
        "the switch",
        """
        from eventlet.zipkin import patcher

        patcher.enable_trace_patch('zipkin', 9410)
        """,
        says="enable_trace_patch` is left",
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_zipkin(case: Case) -> None:
    check(case, "zipkin")
