"""`eventlet.zipkin` traces requests from green thread to green thread.

It patches eventlet's server, its threads and its hub, and speaks a protocol that Zipkin has left.
OpenTelemetry does the same for threads: its instrumentation makes a span for each request, and the
sketch hands the current span on to a thread, which otherwise begins without one.
"""

from __future__ import annotations

from eventlet_codemod.config import Settings
from eventlet_codemod.facts import Facts, Use
from eventlet_codemod.rules.base import Decision, Rule
from eventlet_codemod.rules.rare import _by_hand

_CODE = "EVT733"
_WHY = "it patches eventlet's server, threads and hub to follow a request"
_MODULE = "eventlet.zipkin"
_ADVICE = {
    _MODULE: "trace with OpenTelemetry, and hand the context on to threads",
    f"{_MODULE}.patcher.enable_trace_patch": "set a TracerProvider up, with an exporter for where "
    "spans go and TraceIdRatioBased(sampling_rate) as its sampler, and instrument the WSGI "
    "application",
    f"{_MODULE}.patcher.disable_trace_patch": "call shutdown() of the TracerProvider",
    f"{_MODULE}.api.put_annotation": "call trace.get_current_span().add_event(msg)",
    f"{_MODULE}.api.put_key_value": "call trace.get_current_span().set_attribute(key, value)",
    f"{_MODULE}.api.is_tracing": "ask trace.get_current_span().is_recording()",
    f"{_MODULE}.api.is_sample": "ask `trace_flags.sampled` of "
    "trace.get_current_span().get_span_context()",
}


def match(use: Use, facts: Facts, settings: Settings) -> Decision | None:
    """Leave it, with what takes its place."""
    return _by_hand.leave(use, _CODE, _WHY, _ADVICE)


_SKETCH = '''\
import threading

from opentelemetry import context, trace

tracer = trace.get_tracer(__name__)


def handle(name, work, *args):
    """One piece of work, as a span."""
    with tracer.start_as_current_span(name) as span:
        span.set_attribute("arguments", len(args))  # was put_key_value
        span.add_event("begun")  # was put_annotation
        return work(*args)


def start_thread(function, *args):
    """A thread whose spans belong to the one that is current here."""
    current = context.get_current()

    def run():
        token = context.attach(current)
        try:
            function(*args)
        finally:
            context.detach(token)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread
'''

_EXAMPLE = """\
from eventlet.zipkin import api


def handle(request):
    api.put_key_value("path", request.path)
"""

rule = Rule(
    code=_CODE,
    family="rare",
    step=1,
    summary="Zipkin's traces are left, with those of OpenTelemetry",
    apis=frozenset({f"{_MODULE}.*"}),
    match=match,
    references=("ZIP-1",),
    sketches={"spans, and threads that go on with them": _SKETCH},
    before=_EXAMPLE,
    after=_EXAMPLE,
)
