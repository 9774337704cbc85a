"""The trained model: whether it matches what it is trained from, and its training."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from launch import children
from launch.environments import BOT
from launch.stopping import Stop
from launch.terminal import Problem, Terminal

MODEL = Path("models/current.tar.gz")
STAMP = Path("models/current.stamp")
LOG = Path("var/log/train.log")

# Whole files; of an article only the part of its header that is learned from (see `_learned`).
_SOURCES = (
    "config.yml",
    "domain/**/*.yml",
    "data/**/*.yml",
    "bot/*.py",
    "bot/*.yml",
    "bot/calibration.json",
    "encoder/trained/*.onnx",
    "encoder/trained/tokenizer.json",
    "bot/uv.lock",
    "language/*.py",
    "knowledge/*.py",
    "entities/*.py",
    "entities/*.yml",
)
_ARTICLES = "knowledge_base/*/*/*.md"
_LEARNED = (b"id", b"title", b"phrasings")
_KEY = re.compile(rb"^(\w+):")
_ABANDONED_S = 2 * 3600


def fingerprint(root: Path) -> str:
    """SHA-256 of all that a training learns from. An article's text is not part of it: that goes live by itself."""
    digest = hashlib.sha256()
    for path, content in _contents(root):
        name = path.relative_to(root).as_posix().encode()
        # The lengths keep two files' contents from passing for each other's.
        digest.update(b"%d %d\n" % (len(name), len(content)) + name + content)
    return digest.hexdigest()


def _contents(root: Path) -> Iterator[tuple[Path, bytes]]:
    for pattern in _SOURCES:
        for path in sorted(root.glob(pattern)):
            yield path, path.read_bytes()
    for path in sorted(root.glob(_ARTICLES)):
        yield path, _learned(path.read_bytes())


def _learned(article: bytes) -> bytes:
    """Id, title and phrasings of an article's header, by line: there is no YAML before the environments."""
    parts = article.split(b"---\n", 2)
    if len(parts) < 3:
        return article
    kept, key = [], b""
    for line in parts[1].splitlines():
        found = _KEY.match(line)
        key = found[1] if found else key
        if key in _LEARNED:
            kept.append(line)
    return b"\n".join(kept)


def is_current(root: Path) -> bool:
    """Whether the model is there, is the file that the training left, and was trained from the data as they are now."""
    try:
        made = (root / STAMP).read_text(encoding="utf-8").split()
        return made == [fingerprint(root), digest_of(root / MODEL)]
    except OSError:
        return False


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, as `bot/serve.py` checks it before Rasa loads the model."""
    with path.open("rb") as file:
        digest = hashlib.sha256()
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
    return digest.hexdigest()


def train(
    root: Path, env: Mapping[str, str], terminal: Terminal, stop: Stop, *, tick: Callable[[], None] = lambda: None
) -> None:
    """Trains, then puts the model into place at once: an interrupted training leaves the last good one. Raises Problem.

    `env` is the processes' environment: endpoints.yml names settings.
    """
    goal = fingerprint(root)  # before the training: what is edited meanwhile is not in the model
    models = root / MODEL.parent
    models.mkdir(exist_ok=True)
    _remove_abandoned(models)
    log = root / LOG
    log.unlink(missing_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=".training-", dir=models))
    try:
        with terminal.step("Training the model") as step:
            code = children.run(
                _command(root, folder), env=_environment(env), cwd=root, log=log, stop=stop, step=step, tick=tick
            )
            made = folder / MODEL.name
            if code != 0 or not made.is_file():
                said = "\n".join(f"  {line}" for line in children.last_lines(log, 20))
                raise Problem(f"The training failed (exit code {code}):\n{said}\nAll of it is in {log}.")
            # No stamp while the model changes: a launch that is killed between the two trains again.
            (root / STAMP).unlink(missing_ok=True)
            made.replace(root / MODEL)
            aside = folder / STAMP.name
            aside.write_text(f"{goal}\n{digest_of(root / MODEL)}\n", encoding="utf-8")
            aside.replace(root / STAMP)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _command(root: Path, folder: Path) -> list[str]:
    python = str(BOT.interpreter(root))
    # `--force`: Rasa would take results from its cache where only our own code changed, which it does not look at.
    # Its own look at the data costs as much as a brand, and is one of the tests (tests/unit/bot/test_training_data.py).
    options = ["--force", "--skip-validation", "--domain", "domain", "--data", "data", "--config", "config.yml"]
    return [python, "-m", "bot.command", "train", *options, "--fixed-model-name", "current", "--out", str(folder)]


def _environment(env: Mapping[str, str]) -> dict[str, str]:
    return {"RASA_MAX_CACHE_SIZE": "0", **env}  # a cache that is never read


def _remove_abandoned(models: Path) -> None:
    """What trainings that were killed outright left behind; not that of another one under way."""
    for folder in models.glob(".training-*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_S:
            shutil.rmtree(folder, ignore_errors=True)
