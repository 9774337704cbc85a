"""Traces: nothing at all without the setting; with it, one trace under the request's id from process to process."""

import contextvars
import http.server
import subprocess
import sys
import threading

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from monitoring import request_id, traces

GIVEN = "0123456789abcdef" * 2


@pytest.fixture
def spans():
    kept = InMemorySpanExporter()
    traces.begin("gateway", SimpleSpanProcessor(kept))
    yield kept
    traces.end()


def within(work):
    return contextvars.copy_context().run(work)


def test_without_the_setting_nothing_is_imported_or_measured():
    code = (
        "import sys; from monitoring import traces, web; assert not traces.set_up('gateway', {});"
        "assert traces.span('a') is traces.span('b') is traces.served('c', {});"
        "sys.exit(any(name.startswith('opentelemetry') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("settings", "wrong"),
    [
        ({"TRACES_URL": "collector:4318"}, "TRACES_URL"),
        ({"TRACES_URL": "http://x", "TRACES_SHARE": "2"}, "TRACES_SHARE"),
    ],
)
def test_wrong_settings_are_said_at_the_start(settings, wrong):
    with pytest.raises(SystemExit, match=wrong):
        traces.set_up("gateway", settings)


def test_a_trace_has_the_requests_id_and_goes_on_in_the_next_process(spans):
    def gateway():
        request_id.begin(GIVEN)
        with traces.served("POST /x", {}) as span:
            traces.note(span, "http.response.status_code", 200)
            with traces.span("turn"):
                return traces.carried()

    carried = within(gateway)
    assert carried["X-Request-Id"] == GIVEN

    def assistant():
        request_id.begin_from(carried)
        with traces.served("POST /turn", carried):
            pass

    within(assistant)
    turn, outer, there = spans.get_finished_spans()
    assert {format(span.context.trace_id, "032x") for span in (turn, outer, there)} == {GIVEN}
    assert turn.parent.span_id == outer.context.span_id
    assert there.parent.span_id == turn.context.span_id
    assert outer.parent is None
    assert outer.attributes["http.response.status_code"] == 200


def test_a_span_of_another_request_is_no_parent(spans):
    def work():
        request_id.begin()
        with traces.served("POST /turn", {"traceparent": f"00-{GIVEN}-00f067aa0ba902b7-01"}):
            pass

    within(work)
    (span,) = spans.get_finished_spans()
    assert span.parent is None


def test_a_collector_that_is_away_holds_up_no_stop():
    code = (
        "import sys, time; from monitoring import request_id, traces; assert traces.set_up('gateway',"
        " {'TRACES_URL': 'http://127.0.0.1:9/v1/traces'}); request_id.begin();\n"
        "with traces.span('turn'): pass"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30, capture_output=True).returncode == 0


def test_spans_reach_a_collector_by_otlp_before_the_process_ends():
    heard = []

    class Collector(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append((self.path, self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        code = (
            f"from monitoring import request_id, traces; traces.set_up('billing', {{'TRACES_URL': "
            f"'http://127.0.0.1:{server.server_port}/v1/traces'}}); request_id.begin('{GIVEN}')\n"
            "with traces.span('turn'): pass"
        )
        subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
        server.shutdown()
    assert [path for path, _ in heard] == ["/v1/traces"]
    assert bytes.fromhex(GIVEN) in heard[0][1]
    assert b"support-assistant-billing" in heard[0][1]
