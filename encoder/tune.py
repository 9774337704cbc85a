"""Second step: phrasings of one outcome are drawn together, French and English alike, those of others apart.

    python -m encoder.tune --start build/aligned --pairs en_fr.tsv --out build/tuned [--leave-out primus/user-limit,…]

A batch holds outcomes of one brand, several phrasings of each in both languages, some of them noisy; sentence pairs are mixed in, so that
what the encoder knows beyond our customers is not forgotten.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import torch

from bot.examples import brand_examples, request_examples
from bot.noise import Noise
from encoder.align import read_pairs
from encoder.model import Encoder
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
OUTCOMES, EACH = 14, 4  # a batch: outcomes, and phrasings of each
PAIRS = 16
RATE = 5e-5
TEMPERATURE = 0.08

Groups = dict[str, dict[str, list[str]]]


def read_groups(left_out: set[str]) -> Groups:
    """brand -> outcome -> phrasings."""
    shelf = Shelf(ROOT / "knowledge_base")
    requests = request_examples(ROOT / "data" / "nlu")
    groups: Groups = {}
    for brand in shelf.brands:
        found: dict[str, list[str]] = defaultdict(list)
        for example in brand_examples(shelf, brand, requests):
            if example.outcome not in left_out:
                found[example.outcome].append(example.text)
        groups[brand] = dict(found)
    return groups


def contrast(vectors: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Supervised contrastive loss (Khosla et al. 2020): each phrasing towards the others of its outcome."""
    similar = vectors @ vectors.T / TEMPERATURE
    itself = torch.eye(len(labels), dtype=torch.bool)
    similar = similar.masked_fill(itself, -1e9)
    same = (labels[:, None] == labels[None, :]) & ~itself
    log_share = similar - torch.logsumexp(similar, dim=1, keepdim=True)
    return -(log_share * same).sum(1).div(same.sum(1).clamp(min=1)).mean()


def main() -> None:
    """Trains and saves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--leave-out", default="", help="outcomes to keep out, to measure what is never trained on")
    arguments = parser.parse_args()
    torch.manual_seed(6)
    rng = random.Random(6)
    noise = Noise(seed=12)
    groups = read_groups(set(filter(None, arguments.leave_out.split(","))))
    pairs = read_pairs(arguments.pairs)
    teacher, student = Encoder(arguments.start).eval(), Encoder(arguments.start).train()
    total = sum(len(texts) for outcomes in groups.values() for texts in outcomes.values())
    steps = int(arguments.epochs * total / (OUTCOMES * EACH))
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1, pct_start=0.1)
    started = time.monotonic()
    for step in range(1, steps + 1):
        outcomes = groups[rng.choice(sorted(groups))]
        chosen = rng.sample(sorted(outcomes), min(OUTCOMES, len(outcomes)))
        texts = [text for name in chosen for text in rng.sample(outcomes[name], min(EACH, len(outcomes[name])))]
        labels = torch.tensor([i for i, name in enumerate(chosen) for _ in range(min(EACH, len(outcomes[name])))])
        texts = [noise.copy(text) if rng.random() < 0.35 else text for text in texts]
        english, french = (list(side) for side in zip(*rng.sample(pairs, PAIRS), strict=True))
        with torch.no_grad():
            wanted = teacher.vectors(english)
        near = (1 - (student.vectors(french) * wanted).sum(1)).mean() + (1 - (student.vectors(english) * wanted).sum(1)).mean()
        loss = contrast(student.vectors(texts), labels) + 0.5 * near
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            minutes = (time.monotonic() - started) / 60
            print(f"step {step}/{steps}, loss {loss.item():.3f}, near {near.item():.3f}, {minutes:.1f} min", flush=True)
    student.save(arguments.out)


if __name__ == "__main__":
    main()
