"""Who can stop the launch, and how it learns of it."""

import os
import pty
import signal
import subprocess
import sys
import time

import pytest

from launch.stopping import Stop, Stopped

# Says that it is there, and ends with 0 when it is told to stop.
WAITS = """
import time
from launch.stopping import Stop, Stopped
stop = Stop()
stop.install()
open({file!r}, "w").close()
try:
    while True:
        stop.check()
        time.sleep(0.02)
except Stopped:
    raise SystemExit(0)
"""


@pytest.fixture
def waiting(tmp_path):
    """Starts the program above and returns it once it listens to signals."""
    started = []

    def start(**options):
        file = tmp_path / "there"
        command = [sys.executable, "-c", WAITS.format(file=str(file))]
        started.append(subprocess.Popen(command, **options))
        limit = time.monotonic() + 10
        while not file.exists():
            assert time.monotonic() < limit
            time.sleep(0.02)
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_stops_it(waiting, number):
    # The tests themselves may run under nohup.
    process = waiting(preexec_fn=lambda: signal.signal(number, signal.SIG_DFL))
    process.send_signal(number)
    assert process.wait(10) == 0


def test_under_nohup_the_end_of_a_session_does_not(waiting):
    process = waiting(preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(0.5)


def test_a_terminal_that_is_closed_stops_it(waiting):
    ours, theirs = pty.openpty()
    process = waiting(stdout=theirs)
    os.close(theirs)
    os.close(ours)
    assert process.wait(10) == 0


def test_the_end_of_the_make_that_started_it_stops_it(monkeypatch):
    monkeypatch.setenv("MAKELEVEL", "1")
    monkeypatch.setattr(os, "getppid", lambda: 4321)  # whoever really started the tests
    stop = Stop()
    stop.check()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    with pytest.raises(Stopped):
        stop.check()


def test_without_make_another_parent_means_nothing(monkeypatch):
    monkeypatch.delenv("MAKELEVEL", raising=False)
    stop = Stop()
    monkeypatch.setattr(os, "getppid", lambda: 1)
    stop.check()
