"""How long the training takes, beside stock Rasa's default pipeline on the same phrasings.

Stock Rasa trains for 100 epochs, which takes the better part of an hour here; it is trained for a few, twice, and the rest is reckoned from
the difference: epochs take alike.
"""

from __future__ import annotations

import subprocess
import time
from collections import defaultdict
from pathlib import Path

import yaml

from bot.examples import article_examples, request_examples
from knowledge import Shelf

EPOCHS = 100  # what the default pipeline trains for
FEW, MORE = 2, 6
# Rasa 3.6's default pipeline, as `rasa init` writes it.
PIPELINE = (
    "WhitespaceTokenizer", "RegexFeaturizer", "LexicalSyntacticFeaturizer", "CountVectorsFeaturizer",
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "constrain_similarities": True}, "EntitySynonymMapper",
)  # fmt: skip


def training_seconds(root: Path, folder: Path, env: dict[str, str]) -> dict[str, float]:
    """Seconds of a training from the command to the model: "ours" (three brands, rules, articles), "stock" (reckoned, see above)."""
    python = root / "bot" / ".venv" / "bin" / "python"
    ours = _timed(
        [python, "-m", "bot.command", "train", "--force", "--domain", "domain", "--data", "data", "--config", "config.yml",
         "--out", folder / "ours"], root, env, folder,
    )  # fmt: skip
    write_phrasings(root, folder / "nlu.yml")
    few, more = (_timed_stock(python, folder, epochs, env) for epochs in (FEW, MORE))
    return {"ours": ours, "stock": few + (EPOCHS - FEW) * (more - few) / (MORE - FEW)}


def write_phrasings(root: Path, path: Path) -> int:
    """All phrasings that ours learns, each once, in Rasa's own format; how many."""
    shelf = Shelf(root / "knowledge_base")
    found: dict[str, dict[str, None]] = defaultdict(dict)
    examples = request_examples(root / "data" / "nlu")
    for brand in shelf.brands:
        examples += article_examples(shelf, brand)
    for example in examples:
        found[example.outcome.replace("/", "_")][" ".join(example.text.split()).replace("[", "").replace("{", "")] = (
            None
        )
    blocks = [{"intent": name, "examples": "".join(f"- {text}\n" for text in texts)} for name, texts in found.items()]
    path.write_text(yaml.safe_dump({"version": "3.1", "nlu": blocks}, allow_unicode=True), encoding="utf-8")
    return sum(map(len, found.values()))


def _timed_stock(python: Path, folder: Path, epochs: int, env: dict[str, str]) -> float:
    parts = [dict(part) if isinstance(part, dict) else {"name": part} for part in PIPELINE]
    for part in parts:
        if part["name"] == "DIETClassifier":
            part["epochs"] = epochs
    config = folder / f"stock-{epochs}.yml"
    config.write_text(
        yaml.safe_dump({"recipe": "default.v1", "assistant_id": "x", "language": "fr", "pipeline": parts})
    )
    command = [
        python,
        "-m",
        "rasa",
        "train",
        "nlu",
        "--nlu",
        folder / "nlu.yml",
        "--config",
        config,
        "--out",
        folder / f"stock-{epochs}",
    ]
    return _timed(command, folder, env, folder)


def _timed(command: list[str | Path], at: Path, env: dict[str, str], folder: Path) -> float:
    log = folder / "training.log"
    started = time.monotonic()
    with log.open("ab") as file:
        done = subprocess.run(command, cwd=at, env={**env, "RASA_MAX_CACHE_SIZE": "0"}, stdout=file, stderr=file)
    if done.returncode:
        raise SystemExit(f"a training failed: {log.read_text(errors='replace')[-2000:]}")
    return time.monotonic() - started
