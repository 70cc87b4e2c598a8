"""`log_failure`: no error of a background task is lost."""

from __future__ import annotations

import logging
from concurrent import futures

import pytest

from eventlet_codemod.helpers.log_failure import log_failure
from eventlet_codemod.helpers.spawn import spawn


@pytest.mark.parametrize("error", [ValueError("the cause"), SystemExit("the cause")])
def test_an_error_is_logged_with_its_traceback(error, caplog):
    def fail() -> None:
        raise error

    future = spawn(fail)
    futures.wait([future])
    future.add_done_callback(log_failure)
    [record] = caplog.records
    assert (record.name, record.levelno) == (log_failure.__module__, logging.ERROR)
    text = logging.Formatter().format(record)
    assert "the cause" in text
    assert "in fail" in text


def test_what_did_not_fail_is_not_logged(caplog):
    fine: futures.Future[int] = futures.Future()
    fine.set_result(1)
    cancelled: futures.Future[int] = futures.Future()
    cancelled.cancel()
    for future in (fine, cancelled):
        future.add_done_callback(log_failure)
    assert not caplog.records
