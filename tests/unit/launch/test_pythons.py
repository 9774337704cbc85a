"""A Python is found wherever it is, and only one that runs."""

import os

import pytest

from launch import pythons

SHIM = 'echo "pyenv: python3.10: command not found" >&2; exit 127'


def fake(version: str, place: str) -> str:
    """A Python that answers the probe as one of this version at this place."""
    return f"echo {version}; echo {place}"


@pytest.fixture
def machine(tmp_path, env, script):
    """An empty machine: `env` for it, and a way to put scripts on it."""
    env["PATH"] = os.pathsep.join([str(tmp_path / "shims"), str(tmp_path / "bin")])
    return env, lambda path, body: script(tmp_path / path, body)


def test_none_on_the_machine(machine):
    env, _ = machine
    assert pythons.find(pythons.BOT, env) is None


def test_on_path(machine):
    env, put = machine
    put("bin/python3.10", fake("3.10", "/real/python3.10"))
    assert str(pythons.find(pythons.BOT, env)) == "/real/python3.10"


def test_a_shim_that_does_not_run_is_passed_over(machine):
    env, put = machine
    put("shims/python3.10", SHIM)
    put("bin/python3.10", fake("3.10", "/real/python3.10"))
    assert str(pythons.find(pythons.BOT, env)) == "/real/python3.10"


def test_plain_python3_counts_where_it_is_the_version(machine):
    env, put = machine
    put("bin/python3", fake("3.10", "/real/python3"))
    assert str(pythons.find(pythons.BOT, env)) == "/real/python3"


def test_another_version_under_the_name_does_not_count(machine):
    env, put = machine
    put("bin/python3.10", fake("3.9", "/real/python3.9"))
    assert pythons.find(pythons.BOT, env) is None


@pytest.mark.parametrize("where", ["home/.pyenv", "elsewhere"])
def test_in_pyenv_the_newest_that_runs(machine, tmp_path, where):
    env, put = machine
    put("shims/python3.10", SHIM)
    put(f"{where}/versions/3.10.9/bin/python", fake("3.10", "/real/3.10.9"))
    put(f"{where}/versions/3.10.13/bin/python", fake("3.10", "/real/3.10.13"))
    put(f"{where}/versions/3.10.14/bin/python", "exit 1")
    put(f"{where}/versions/3.11.7/bin/python", fake("3.11", "/real/3.11.7"))
    if where == "elsewhere":
        env["PYENV_ROOT"] = str(tmp_path / where)
    assert str(pythons.find(pythons.BOT, env)) == "/real/3.10.13"


def test_from_uv(machine):
    env, put = machine
    managed = put("managed/python3.10", fake("3.10", "/real/managed"))
    uv = put("tools/uv", f'[ "$1 $2 $4" = "python find 3.10" ] && echo {managed}')
    assert str(pythons.find(pythons.BOT, env, uv)) == "/real/managed"


def test_the_services_take_the_first_version_that_runs(machine):
    env, put = machine
    put("bin/python3.13", fake("3.13", "/real/3.13"))
    put("bin/python3.12", fake("3.12", "/real/3.12"))
    put("bin/python3.11", "exit 1")
    assert str(pythons.find(pythons.SERVICES, env)) == "/real/3.12"


def test_the_probe_of_a_real_python_names_the_interpreter_behind_the_virtual_environment(env):
    import sys

    found = pythons.probe(sys.executable, {**env, "PYTHONHOME": "/nowhere"})
    assert found
    assert found[0] == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert found[1].exists()


def test_the_advice_names_the_version_and_where_to_get_it():
    assert "deadsnakes" in pythons.advice(pythons.BOT)
    assert "pyenv install 3.10" in pythons.advice(pythons.BOT)
    assert "3.11 to 3.13" in pythons.advice(pythons.SERVICES)
