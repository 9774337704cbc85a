"""`python -m bot.serve …`: what `rasa …` does, once the model file is known to be the one that a training left.

Rasa unpacks the file that it is given and loads what it finds, pickles among it: who can change the file can run anything. Its SHA-256
stands in the setting MODEL_SHA256, or else in the second line of the stamp beside it (`launch/model.py` writes it).
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import List, Mapping, Optional

from bot.command import rasa

# One message is too little to share out: the threads would only wait for each other, at full speed.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS")


def digest_of(path: Path) -> str:
    """The SHA-256 of a file; it is read in pieces, as a model is large."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            found.update(piece)
    return found.hexdigest()


def why_not(model: Path, env: Mapping[str, str]) -> Optional[str]:
    """Why this model must not be loaded; None where it may."""
    wanted = env.get("MODEL_SHA256", "")
    stamp = model.with_name(model.name.replace(".tar.gz", ".stamp"))
    if not wanted:
        lines = stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []
        wanted = lines[1] if len(lines) > 1 else ""
    if not wanted:
        return f"{stamp} does not tell the SHA-256 of {model}, and MODEL_SHA256 is not set: `make train`"
    if not model.is_file():
        return f"{model} is not there: `make train`"
    if digest_of(model) != wanted.strip().lower():
        return f"{model} is not the file that was trained (its SHA-256 is another): `make train FORCE=1`"
    return None


def main(arguments: List[str]) -> None:
    """Checks the file after `--model`, then hands all arguments to Rasa."""
    if "--model" not in arguments:
        raise SystemExit("bot.serve: which model is it to be? --model models/current.tar.gz")
    reason = why_not(Path(arguments[arguments.index("--model") + 1]), os.environ)
    if reason:
        raise SystemExit(f"The assistant does not start: {reason}")
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    rasa(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
