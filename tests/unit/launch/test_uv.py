"""uv: used where it runs, installed into the project where it is missing."""

import os
import subprocess

import pytest

from launch.terminal import Problem
from launch.uv import ensure_uv, find_uv, ways_to_install

GOOD = 'echo "uv 0.9.1 (abc 2025-01-01)"'


def test_the_projects_own_comes_first(tmp_path, env, script):
    env["PATH"] = str(tmp_path / "bin")
    script(tmp_path / "bin/uv", GOOD)
    own = script(tmp_path / ".tools/uv/bin/uv", GOOD)
    assert find_uv(tmp_path, env) == own


@pytest.mark.parametrize("body", ["exit 127", 'echo "uv 0.4.30"', 'echo "hello"'])
def test_one_that_does_not_run_or_is_too_old_is_passed_over(tmp_path, env, script, body):
    env["PATH"] = os.pathsep.join([str(tmp_path / "shims"), str(tmp_path / "bin")])
    script(tmp_path / "shims/uv", body)
    good = script(tmp_path / "bin/uv", GOOD)
    assert find_uv(tmp_path, env) == good


def test_where_its_installer_puts_it(tmp_path, env, script):
    env["PATH"] = str(tmp_path / "bin")
    good = script(tmp_path / "home/.local/bin/uv", GOOD)
    assert find_uv(tmp_path, env) == good


def test_without_any_way_to_get_it_the_person_is_told_what_to_install(tmp_path, env, screen, stop):
    with pytest.raises(Problem, match="python3-venv"):
        ensure_uv(tmp_path, env, screen, stop, ways=[["false"], ["no-such-program"]])
    assert "Installing uv into .tools/uv: failed" in screen.text


def test_the_first_way_that_brings_it_is_enough(tmp_path, env, screen, stop, script):
    maker = script(
        tmp_path / "maker", f"mkdir -p .tools/uv/bin; echo '{GOOD}' > .tools/uv/bin/uv; chmod +x .tools/uv/bin/uv"
    )
    ways = [["false"], [str(maker)], ["no-such-program"]]
    assert ensure_uv(tmp_path, env, screen, stop, ways=ways) == tmp_path / ".tools/uv/bin/uv"
    assert (tmp_path / ".tools/.ignore").read_text() == "*\n"


def test_a_half_made_environment_is_removed_before_the_next_way(tmp_path, env):
    folder = tmp_path / ".tools/uv"
    ways = ways_to_install(folder, env)
    next(ways)
    (folder / "bin").mkdir(parents=True)
    assert next(ways)[-3:] == ["--target", str(folder), "uv"]
    assert not folder.exists()


def test_the_last_way_is_the_official_installer_into_the_same_place(tmp_path, env, script):
    env["PATH"] = f"{tmp_path / 'bin'}:{env['PATH']}"
    place = tmp_path / "with blanks" / "uv"
    script(
        tmp_path / "bin/curl",
        """echo 'mkdir -p "$UV_UNMANAGED_INSTALL" && echo from "the installer" > "$UV_UNMANAGED_INSTALL/uv"'""",
    )
    last = next(way for way in ways_to_install(place, env) if way[0] == "env")
    subprocess.run(last, env=env, check=True)
    assert (place / "bin/uv").read_text() == "from the installer\n"
