"""The two environments: made with uv from their lock files, and left alone while those have not changed."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from launch import checks, children, pythons
from launch.stopping import Stop
from launch.terminal import Problem, Step, Terminal
from launch.uv import ensure_uv, tools_folder


@dataclasses.dataclass(frozen=True)
class Environment:
    """A project of uv, in `folder` under the root, and the versions of Python that it runs on."""

    name: str
    folder: str
    python: Sequence[str]

    def place(self, root: Path) -> Path:
        """The virtual environment."""
        return root / self.folder / ".venv"

    def interpreter(self, root: Path) -> Path:
        """Its Python."""
        return self.place(root) / "bin" / "python"


SERVICES = Environment("services", ".", pythons.SERVICES)
BOT = Environment("Rasa", "bot", pythons.BOT)
ALL = (SERVICES, BOT)
ENCODER = Environment("encoder training", "encoder", pythons.ENCODER)  # made for `make encoder` only


def stamp(environment: Environment, root: Path) -> str:
    """What the environment must have been made from: its lock, and its place, which its scripts have inside."""
    lock = (root / environment.folder / "uv.lock").read_bytes()
    return hashlib.sha256(lock + str(environment.place(root)).encode()).hexdigest()


def is_current(environment: Environment, root: Path) -> bool:
    """Whether it was made from the lock as it is now, here, and its Python is still on the machine."""
    try:
        made = (environment.place(root) / ".stamp").read_text(encoding="utf-8")
    except OSError:
        return False
    return made == stamp(environment, root) and os.access(environment.interpreter(root), os.X_OK)


def ensure(wanted: Sequence[Environment], root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop) -> None:
    """Makes or updates the environments that are not current. Raises Problem; a second try goes on from there."""
    stale = [environment for environment in wanted if not is_current(environment, root)]
    for environment in wanted:
        if environment not in stale:
            terminal.outcome(f"Environment of {environment.name}: unchanged", good=True)
    if not stale:
        return
    uv_env = _uv_environment(root, env)
    cache = Path(uv_env.get("UV_CACHE_DIR") or Path(uv_env.get("HOME", "/"), ".cache", "uv")).absolute()
    checks.check_disk(root, first=any(not environment.place(root).exists() for environment in stale), cache=cache)
    uv = ensure_uv(root, uv_env, terminal, stop)
    for environment in stale:
        with terminal.step(
            f"Environment of {environment.name}, from {environment.folder}/uv.lock".replace("./", "")
        ) as step:
            Making(environment, root, uv_env, stop, step, uv).make()


def _uv_environment(root: Path, env: Mapping[str, str]) -> dict[str, str]:
    """uv with its cache where it may be written, and downloads of Python only where we ask for them."""
    own = {"UV_PYTHON_DOWNLOADS": "manual", "UV_NO_PROGRESS": "1"}
    home = env.get("HOME", "")
    if not (home and os.access(home, os.W_OK)):
        tools = tools_folder(root)
        own.update(UV_CACHE_DIR=str(tools / "cache"), UV_PYTHON_INSTALL_DIR=str(tools / "python"))
        own.update({name: env[name] for name in ("UV_CACHE_DIR", "UV_PYTHON_INSTALL_DIR") if env.get(name)})
    return {**env, **own}


class Making:
    """The making of one environment."""

    def __init__(
        self, environment: Environment, root: Path, env: Mapping[str, str], stop: Stop, step: Step, uv: Path
    ) -> None:
        self._environment = environment
        self._root = root
        self._env = env
        self._stop = stop
        self._step = step
        self._uv = uv
        self._unfinished = root / "var" / f"environment-{environment.name.lower()}.unfinished"
        self._log = root / "var" / "log" / f"environment-{environment.name.lower()}.log"

    def make(self) -> None:
        """Raises Problem with what uv said and what it means."""
        place = self._environment.place(self._root)
        goal = stamp(self._environment, self._root)
        (place / ".stamp").unlink(missing_ok=True)
        python = self._python()
        # uv takes a package for whole whose files it was still copying when it was ended: begin again then (measured).
        if self._unfinished.exists() or _made_elsewhere(place):
            shutil.rmtree(place, ignore_errors=True)
        self._unfinished.parent.mkdir(parents=True, exist_ok=True)
        self._unfinished.touch()
        if any(self._env.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
            self._install_from_mirror(place, python)
        else:
            self._run(
                "sync", "--frozen", "--project", str(self._root / self._environment.folder), "--python", str(python)
            )
        (place / ".stamp").write_text(goal, encoding="utf-8")
        self._unfinished.unlink()

    def _python(self) -> Path:
        """The environment's own Python where it still fits, else one of the machine, else one that uv fetches."""
        wanted = self._environment.python
        here = pythons.probe(self._environment.interpreter(self._root), self._env)
        if here and here[0] in wanted and self._environment.place(self._root) not in here[1].parents:
            return here[1]
        found = pythons.find(wanted, self._env, self._uv)
        if found:
            return found
        self._step.update(f"fetching Python {wanted[0]}", changed=True)
        said = self._attempt(("python", "install", wanted[0]))
        found = pythons.find(wanted, self._env, self._uv)
        if not found:
            why = [f"  {line}" for line in (said or [])[:4]]
            raise Problem("\n".join([pythons.advice(wanted), "What uv said:", *why, f"All of it is in {self._log}."]))
        return found

    def _install_from_mirror(self, place: Path, python: Path) -> None:
        """The lock's versions and hashes, from another index: `uv sync` only fetches from the addresses in the lock."""
        project = str(self._root / self._environment.folder)
        listed = self._log.with_suffix(".requirements.txt")
        listed.parent.mkdir(parents=True, exist_ok=True)
        self._run(
            "export", "--frozen", "--quiet", "--project", project, "--python", str(python), "--output-file", str(listed)
        )
        if not self._environment.interpreter(self._root).exists():
            self._run("venv", "--python", str(python), str(place))
        interpreter = str(self._environment.interpreter(self._root))
        self._run("pip", "sync", "--require-hashes", "--python", interpreter, str(listed))
        listed.unlink(missing_ok=True)

    def _run(self, *arguments: str) -> None:
        lines = self._attempt(arguments)
        if lines is not None and checks.is_untrusted(lines):
            # A company's proxy signs with a certificate that the system knows, but uv looks at its own list only.
            self._env = {"UV_NATIVE_TLS": "true", "UV_SYSTEM_CERTS": "true", **self._env}
            lines = self._attempt(arguments)
        if lines is not None:
            said = [f"uv {arguments[0]} failed:", *(f"  {line}" for line in lines[-8:]), checks.meaning(lines)]
            raise Problem("\n".join(filter(None, [*said, f"All of it is in {self._log}."])))

    def _attempt(self, arguments: Sequence[str]) -> list[str] | None:
        """What uv said last where it failed; None where it did not."""
        began = self._log.stat().st_size if self._log.exists() else 0
        command = [str(self._uv), *arguments]
        code = children.run(command, env=self._env, cwd=self._root, log=self._log, stop=self._stop, step=self._step)
        return None if code == 0 else children.last_lines(self._log, 40, since=began)


def _made_elsewhere(place: Path) -> bool:
    """Whether the folder was copied or moved here: its scripts then name a Python of another place."""
    try:
        first = (place / "bin" / "activate").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return not re.search(f"""['"=]{re.escape(str(place))}['"\\s]""", first)
