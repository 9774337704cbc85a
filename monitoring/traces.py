"""Traces by OpenTelemetry, sent by OTLP over HTTP where `TRACES_URL` is set. Without it nothing is imported and nothing is measured.

A trace's id is the request's (`monitoring/request_id.py`), so a log line leads to its trace and back.
"""

from __future__ import annotations

import atexit
import contextlib
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from monitoring import request_id

FLUSH_MS = 1000  # a stop does not wait longer for a collector that is away
SEND_S = 2
_NOTHING: AbstractContextManager[Any] = contextlib.nullcontext()
_tracer: Any = None


def set_up(process: str, env: Mapping[str, str] = os.environ) -> bool:
    """Begins to trace where the settings say so: `TRACES_URL`, and `TRACES_SHARE`, the share of requests from 0 to 1."""
    url = env.get("TRACES_URL", "")
    if not url:
        return False
    share = env.get("TRACES_SHARE") or "1"
    problems = [] if url.startswith(("http://", "https://")) else [f"TRACES_URL must be an address, not {url!r}"]
    try:
        if not 0 <= float(share) <= 1:
            raise ValueError
    except ValueError:
        problems.append(f"TRACES_SHARE must be a number from 0 to 1, not {share!r}")
    if problems:
        raise SystemExit(f"The {process} cannot start:\n- " + "\n- ".join(problems))
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    begin(process, BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=SEND_S)), float(share))
    return True


def begin(process: str, processor: Any, share: float = 1.0) -> None:
    """Traces to a span processor of OpenTelemetry's."""
    global _tracer
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

    class RequestIds(RandomIdGenerator):
        def generate_trace_id(self) -> int:
            return int(request_id.current() or "0", 16) or super().generate_trace_id()

    provider = TracerProvider(
        sampler=ParentBased(TraceIdRatioBased(share)),
        resource=Resource.create({"service.name": f"support-assistant-{process}"}),
        id_generator=RequestIds(),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(processor)
    atexit.register(provider.force_flush, FLUSH_MS)
    _tracer = provider.get_tracer("support-assistant")


def end() -> None:
    """Traces no more."""
    global _tracer
    _tracer = None


def span(name: str) -> AbstractContextManager[Any]:
    """A part of the work, within what is under way."""
    return _NOTHING if _tracer is None else _tracer.start_as_current_span(name)


def served(name: str, headers: Mapping[str, str]) -> AbstractContextManager[Any]:
    """A request that another process, or a customer, made."""
    if _tracer is None:
        return _NOTHING
    from opentelemetry.trace import SpanKind

    return _tracer.start_as_current_span(name, context=_parent(headers), kind=SpanKind.SERVER)  # type: ignore[no-any-return]


def note(span: Any, name: str, value: Any) -> None:
    """Notes something with a span, where there is one."""
    if span is not None:
        span.set_attribute(name, value)


def carried() -> dict[str, str]:
    """The headers for a call to another process: the request's id, and the span that it belongs to."""
    headers = request_id.carried()
    if _tracer is not None:
        _propagator().inject(headers)
    return headers


def _parent(headers: Mapping[str, str]) -> Any:
    # Of another request's id, a caller's span is none of this trace; nor is what was under way here (a socket that lasts).
    if request_id.current() not in headers.get("traceparent", ""):
        from opentelemetry.context import Context

        return Context()
    return _propagator().extract({"traceparent": headers["traceparent"]})


def _propagator() -> Any:
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator()
