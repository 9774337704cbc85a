"""The processes: read from the Procfile, restarted, given up on, and ended with all that they started."""

import os
import signal
import sys
import time

import pytest

from launch.processes import DEATHS, Supervisor, how_it_ended, read_procfile
from launch.terminal import Problem
from tests.unit.launch.conftest import alive

SLEEPER = "import time; time.sleep(60)"
# Starts a child that ignores being asked to end, in the same process group, and writes down its number.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c",
    "import signal, sys, time; {ignore}; open('child.pid', 'w').write(str(__import__('os').getpid())); time.sleep(60)"])
{then}
"""


@pytest.fixture
def supervise(tmp_path, screen):
    """Builds a supervisor of Python programs, whatever happens ended with the test."""
    made = []

    def build(*, quick_s=60.0, back_off_s=0.01, **programs):
        commands = {name: [sys.executable, "-c", program] for name, program in programs.items()}
        made.append(Supervisor(commands, os.environ, tmp_path, screen, quick_s=quick_s, back_off_s=back_off_s))
        return made[-1]

    yield build
    for supervisor in made:
        supervisor.stop(hurry=lambda: True)


def until(condition, seconds=10.0):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "it did not happen in time"
        time.sleep(0.02)


def test_a_procfile_is_names_and_commands_with_settings(tmp_path):
    (tmp_path / "Procfile").write_text("# a remark\n\none: run 'a b' --port ${PORT}\ntwo-b:   go $HOST:$PORT\n")
    assert read_procfile(tmp_path / "Procfile", {"PORT": "80", "HOST": "a host"}) == {
        "one": ["run", "a b", "--port", "80"],
        "two-b": ["go", "a host:80"],
    }


@pytest.mark.parametrize(
    ("line", "said"), [("no command", "line 2"), ("a: $MISSING", "MISSING is not set"), ("a: 'open", "line 2")]
)
def test_a_procfile_that_is_wrong_is_told_by_its_line(tmp_path, line, said):
    (tmp_path / "Procfile").write_text(f"good: run\n{line}\n")
    with pytest.raises(Problem, match=said):
        read_procfile(tmp_path / "Procfile", {})


def test_a_missing_procfile_is_told(tmp_path):
    with pytest.raises(Problem, match="cannot be read"):
        read_procfile(tmp_path / "Procfile", {})


def test_the_projects_own_procfile_names_the_four_processes_and_no_http_api():
    from pathlib import Path

    path = Path(__file__).resolve().parents[3] / "Procfile"
    commands = read_procfile(path, {"ASSISTANT_PORT": "6005"})
    assert list(commands) == ["gateway", "billing", "actions", "assistant"]
    assistant = commands["assistant"]
    assert assistant[assistant.index("--port") + 1] == "6005"
    assert assistant[assistant.index("-i") + 1] == "127.0.0.1"
    assert "--enable-api" not in assistant


def test_what_a_process_says_goes_to_its_log(supervise, tmp_path):
    supervisor = supervise(one="print('hello', flush=True); " + SLEEPER)
    supervisor.start("one")
    until(lambda: (tmp_path / "var/log/one.log").read_text() == "hello\n")


def test_a_process_that_dies_is_told_with_its_last_lines_and_started_again(supervise, tmp_path, screen):
    program = f"import os, sys; again = os.path.exists('x'); open('x', 'w'); again or sys.exit('boom'); {SLEEPER}"
    supervisor = supervise(one=program)
    supervisor.start("one")
    until(lambda: supervisor.poll() or "started again" in screen.text)
    assert "one ended with exit code 1 after" in screen.text
    assert "   | boom" in screen.text
    assert supervisor.deaths == 1


def test_only_what_it_said_in_this_life_is_shown(supervise, tmp_path, screen):
    (tmp_path / "var/log").mkdir(parents=True)
    (tmp_path / "var/log/one.log").write_text("of an earlier run\n")
    supervisor = supervise(one="pass")
    supervisor.start("one")
    until(lambda: supervisor.poll() or supervisor.deaths)
    assert "of an earlier run" not in screen.text
    assert "It said nothing." in screen.text


def test_restarting_waits_longer_each_time_and_gives_up(supervise, screen):
    supervisor = supervise(one="import sys; sys.exit('no database')", back_off_s=0.2)
    supervisor.start("one")
    with pytest.raises(Problem, match=f"one died {DEATHS} times in a row") as told:
        until(lambda: supervisor.poll() or False, seconds=30)
    assert "one.log" in str(told.value)
    assert screen.text.count("no database") == DEATHS
    waits = [line for line in screen.text.splitlines() if "Starting it again in" in line]
    assert [line.split(" in ")[1] for line in waits] == ["0.2 s.", "0.4 s.", "0.8 s.", "1.6 s."]


def test_deaths_after_a_long_life_are_not_counted_together(supervise, screen):
    supervisor = supervise(one="pass", quick_s=0.0)
    supervisor.start("one")
    until(lambda: supervisor.poll() or supervisor.deaths > DEATHS)


def test_the_others_go_on_while_one_restarts(supervise, screen):
    supervisor = supervise(one="pass", other=SLEEPER, back_off_s=60)
    supervisor.start("one")
    supervisor.start("other")
    until(lambda: supervisor.poll() or supervisor.deaths)
    supervisor.poll()
    assert "other" not in screen.text


def test_stopping_ends_grandchildren_too(supervise, tmp_path):
    supervisor = supervise(one=PARENT.format(ignore="0", then="time.sleep(60)"))
    supervisor.start("one")
    until(lambda: (tmp_path / "child.pid").exists() and (tmp_path / "child.pid").read_text())
    child = int((tmp_path / "child.pid").read_text())
    assert supervisor.stop()
    assert not alive(child)


def test_what_does_not_end_when_asked_is_killed(supervise, tmp_path):
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    supervisor = supervise(one=PARENT.format(ignore=ignore, then="time.sleep(60)"))
    supervisor.start("one")
    until(lambda: (tmp_path / "child.pid").exists() and (tmp_path / "child.pid").read_text())
    child = int((tmp_path / "child.pid").read_text())
    assert not supervisor.stop(hurry=lambda: True)
    until(lambda: not alive(child))


def test_what_a_dead_process_left_behind_is_ended_before_it_starts_again(supervise, tmp_path, screen):
    waits = "while not __import__('os').path.exists('child.pid'): time.sleep(0.01)"
    supervisor = supervise(one=PARENT.format(ignore="0", then=waits), back_off_s=60)
    supervisor.start("one")
    until(lambda: supervisor.poll() or supervisor.deaths)
    assert not alive(int((tmp_path / "child.pid").read_text()))


def test_a_program_that_is_not_there_is_told(tmp_path, screen):
    supervisor = Supervisor({"one": ["./no-such-program"]}, {}, tmp_path, screen)
    with pytest.raises(Problem, match=r"one cannot be started: \./no-such-program"):
        supervisor.start("one")


def test_a_log_that_grew_too_long_is_put_aside(supervise, tmp_path):
    (tmp_path / "var/log").mkdir(parents=True)
    with (tmp_path / "var/log/one.log").open("wb") as file:
        file.truncate(10_000_001)
    supervisor = supervise(one=SLEEPER)
    supervisor.start("one")
    assert (tmp_path / "var/log/one.log").stat().st_size == 0
    assert (tmp_path / "var/log/one.log.1").exists()


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (-signal.SIGTERM, "was killed by SIGTERM"),
        (-signal.SIGKILL, "was killed by SIGKILL (out of memory?)"),
    ],
)
def test_an_exit_code_in_words(code, words):
    assert how_it_ended(code) == words
