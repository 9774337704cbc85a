"""The environments are made from their locks, once, and made again when those change or the folder moved."""

import pytest

from launch import environments
from launch.environments import BOT, SERVICES
from launch.terminal import Problem

# Notes its arguments and its settings of TLS; makes the environment as uv would.
UV = """
case "$1" in --version) echo "uv 0.9.1"; exit 0;; esac
echo "$1 $2" >> "$HOME/calls"
echo "$UV_PROJECT_ENVIRONMENT$VIRTUAL_ENV" >> "$HOME/leaked"
[ -e "$HOME/$1-fails" ] && { cat "$HOME/$1-fails" >&2; [ -n "$UV_NATIVE_TLS" ] && grep -q Unknown "$HOME/$1-fails" || exit 2; }
place=.venv
case "$*" in */bot*) place=bot/.venv;; esac
case "$1" in sync|venv)
  mkdir -p $place/bin
  echo "VIRTUAL_ENV='$PWD/$place'" > $place/bin/activate
  printf '#!/bin/sh\\necho %s; echo /real/python\\n' "$(cat "$HOME/version")" > $place/bin/python
  chmod +x $place/bin/python;;
esac
"""


@pytest.fixture
def checkout(tmp_path, env, script):
    """A checkout with both locks and a machine with a fake uv and a fake Python of each version."""
    root = tmp_path / "checkout"
    (root / "bot").mkdir(parents=True)
    for folder in (root, root / "bot"):
        (folder / "uv.lock").write_text("version = 1\n")
    env["PATH"] = f"{tmp_path / 'bin'}:/usr/bin:/bin"
    script(tmp_path / "bin/uv", UV)
    for version in ("3.10", "3.11"):
        script(tmp_path / f"bin/python{version}", f"echo {version}; echo /real/python{version}")
    (tmp_path / "home/version").write_text("3.11")
    return root


@pytest.fixture
def calls(tmp_path):
    """What uv was asked to do since the last time."""

    def read():
        file = tmp_path / "home/calls"
        found = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return found

    return read


def test_both_are_made_and_then_left_alone(checkout, env, screen, stop, calls):
    environments.ensure(environments.ALL, checkout, env, screen, stop)
    assert calls() == ["sync --frozen", "sync --frozen"]
    assert all(environments.is_current(environment, checkout) for environment in environments.ALL)
    environments.ensure(environments.ALL, checkout, env, screen, stop)
    assert calls() == []
    assert "Environment of services: unchanged" in screen.text


def test_only_the_one_whose_lock_changed_is_made_again(checkout, env, screen, stop, calls):
    environments.ensure(environments.ALL, checkout, env, screen, stop)
    calls()
    (checkout / "bot/uv.lock").write_text("version = 2\n")
    assert environments.is_current(SERVICES, checkout)
    assert not environments.is_current(BOT, checkout)
    environments.ensure(environments.ALL, checkout, env, screen, stop)
    assert calls() == ["sync --frozen"]


def test_a_python_that_went_away_makes_it_stale(checkout, env, screen, stop):
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    (checkout / ".venv/bin/python").unlink()
    (checkout / ".venv/bin/python").symlink_to("/nowhere/python")
    assert not environments.is_current(SERVICES, checkout)


def test_a_moved_checkout_gets_new_environments(checkout, env, screen, stop):
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    (checkout / ".venv/left-over").touch()
    moved = checkout.rename(checkout.with_name("moved"))
    assert not environments.is_current(SERVICES, moved)
    environments.ensure((SERVICES,), moved, env, screen, stop)
    assert not (moved / ".venv/left-over").exists()


def test_an_interrupted_making_is_not_taken_for_a_whole_one(checkout, env, screen, stop, tmp_path):
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    (checkout / "uv.lock").write_text("version = 2\n")
    (tmp_path / "home/sync-fails").write_text("error: something")
    with pytest.raises(Problem, match="something"):
        environments.ensure((SERVICES,), checkout, env, screen, stop)
    (checkout / "uv.lock").write_text("version = 1\n")
    assert not environments.is_current(SERVICES, checkout)


def test_what_an_ended_uv_left_is_not_built_upon(checkout, env, screen, stop, tmp_path):
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    (checkout / "uv.lock").write_text("version = 2\n")
    half_a_package = checkout / ".venv/half-a-package"
    half_a_package.touch()
    (tmp_path / "home/sync-fails").write_text("error: something")
    with pytest.raises(Problem, match="something"):
        environments.ensure((SERVICES,), checkout, env, screen, stop)
    (tmp_path / "home/sync-fails").unlink()
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    assert not half_a_package.exists()
    (checkout / "uv.lock").write_text("version = 3\n")
    half_a_package.touch()
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    assert half_a_package.exists()  # the last one was whole


def test_without_a_network_the_settings_are_named(checkout, env, screen, stop, tmp_path):
    (tmp_path / "home/sync-fails").write_text("error: Failed to fetch\n  cause: dns error")
    with pytest.raises(Problem, match="UV_DEFAULT_INDEX") as told:
        environments.ensure((SERVICES,), checkout, env, screen, stop)
    assert "dns error" in str(told.value)
    assert "environment-services.log" in str(told.value)


def test_a_certificate_that_only_the_system_knows_is_taken_from_the_system(
    checkout, env, screen, stop, tmp_path, calls
):
    (tmp_path / "home/sync-fails").write_text("  cause: invalid peer certificate: UnknownIssuer")
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    assert calls() == ["sync --frozen", "sync --frozen"]


def test_a_mirror_gets_the_versions_of_the_lock(checkout, env, screen, stop, calls):
    env["UV_DEFAULT_INDEX"] = "https://mirror.example/simple"
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    assert calls() == ["export --frozen", "venv --python", "pip sync"]


def test_where_no_python_fits_uv_fetches_one_or_the_person_is_told(checkout, env, screen, stop, tmp_path, calls):
    (tmp_path / "bin/python3.10").unlink()
    env["PATH"] = f"{tmp_path / 'bin'}:{tmp_path / 'tools'}"
    for name in ("cat", "grep", "mkdir", "chmod"):
        (tmp_path / "tools").mkdir(exist_ok=True)
        (tmp_path / "tools" / name).symlink_to(f"/usr/bin/{name}")
    (tmp_path / "home/python-fails").write_text("error: no such host")
    with pytest.raises(Problem, match=r"deadsnakes[\s\S]*no such host"):
        environments.ensure((BOT,), checkout, env, screen, stop)
    assert "python install" in calls()


def test_a_home_that_cannot_be_written_is_not_needed(checkout, env, screen, stop, tmp_path, script):
    script(tmp_path / "bin/uv", UV.replace('"$HOME/', f'"{tmp_path}/home/') + 'echo "$UV_CACHE_DIR" > uv-cache')
    env["HOME"] = "/nonexistent"
    environments.ensure((SERVICES,), checkout, env, screen, stop)
    assert (checkout / "uv-cache").read_text().strip() == str(checkout / ".tools/cache")
