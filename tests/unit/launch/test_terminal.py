"""What the person reads, with a terminal and without; and the wait until all can serve."""

import http.server
import io
import json
import threading

import pytest

from launch import readiness
from launch.children import last_lines
from launch.stopping import Stopped
from launch.terminal import Problem, Terminal, duration


class Tty(io.StringIO):
    def isatty(self):
        return True


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.04, "0.0 s"), (4.26, "4.3 s"), (65, "1 min 05 s"), (3600, "60 min 00 s")]
)
def test_a_duration_in_words(seconds, words):
    assert duration(seconds) == words


def test_without_a_terminal_there_are_no_codes_and_a_line_now_and_then():
    out, clock = io.StringIO(), Clock()
    with Terminal(out, clock).step("Training") as step:
        for _ in range(40):
            clock.now += 1
            step.update("learning")
    assert "\x1b" not in out.getvalue()
    assert "\r" not in out.getvalue()
    assert out.getvalue().splitlines() == [
        "-> Training ...",
        "   Training: 15.0 s, learning",
        "   Training: 30.0 s, learning",
        "ok Training: done (40.0 s)",
    ]


def test_on_a_terminal_one_line_is_rewritten(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out, clock = Tty(), Clock()
    with Terminal(out, clock).step("Training") as step:
        clock.now += 1
        step.update("learning")
    assert out.getvalue().count("\n") == 1
    assert out.getvalue().endswith("\r\x1b[K\x1b[32mok\x1b[0m Training: done (1.0 s)\n")


def test_colours_can_be_refused(monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Tty()
    Terminal(out).problem("no")
    assert out.getvalue() == "!! no\n"


def test_a_step_that_fails_says_so(screen):
    with pytest.raises(Problem), screen.step("Training"):
        raise Problem("no")
    assert "!! Training: failed" in screen.text


def test_a_reader_that_left_stops_nothing():
    out = io.StringIO()
    terminal = Terminal(out)
    out.close()
    terminal.say("nobody reads this")


def test_the_last_lines_of_a_log_are_without_blanks_and_colours(tmp_path):
    log = tmp_path / "a.log"
    log.write_text("old\n\x1b[94mone\x1b[0m\n\n  two\r  three\n")
    assert last_lines(log, 2) == ["  two", "  three"]
    assert last_lines(log, 9, since=4) == ["one", "  two", "  three"]
    assert last_lines(tmp_path / "none.log", 2) == []


def test_waiting_says_who_is_not_ready_and_ends_when_all_are(screen, stop):
    answers = iter([["gateway"], ["assistant", "billing"], ["assistant"], []])
    ticks = []
    readiness.wait("http://x", screen, stop, lambda: ticks.append(1), ask=lambda _: next(answers))
    assert ticks
    assert "not ready: assistant, billing" in screen.text
    assert screen.text.splitlines()[-1].startswith("ok Waiting until all can serve: ready")


def test_waiting_ends_when_somebody_stops_it(screen, stop):
    stop.asked = 1
    with pytest.raises(Stopped):
        readiness.wait("http://x", screen, stop, lambda: None, ask=lambda _: ["assistant"])


@pytest.mark.parametrize(
    ("status", "body", "missing"),
    [
        (200, {"status": "ready", "parts": {"assistant": "ready"}}, []),
        (
            503,
            {"parts": {"assistant": "not ready", "billing": "ready", "actions": "not ready"}},
            ["assistant", "actions"],
        ),
        (503, ["something else"], ["gateway"]),
        (404, {}, ["gateway"]),
    ],
)
def test_the_gateways_answer_names_the_parts(status, body, missing, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")  # must not be asked for our own machine

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status if self.path == "/readyz" else 404)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            assert readiness.not_ready(f"http://127.0.0.1:{server.server_port}") == missing
        finally:
            server.shutdown()
            thread.join()


def test_nobody_listening_is_a_gateway_that_is_not_ready():
    assert readiness.not_ready("http://127.0.0.1:9") == ["gateway"]


@pytest.mark.parametrize(
    ("host", "address"),
    [("", "127.0.0.1"), ("0.0.0.0", "127.0.0.1"), ("::", "[::1]"), ("10.0.0.5", "10.0.0.5"), ("fe80::1", "[fe80::1]")],
)
def test_the_address_to_open(host, address):
    assert readiness.page_address({"GATEWAY_HOST": host, "GATEWAY_PORT": "8080"}) == f"http://{address}:8080"
