"""First step: French sentences get the vectors that the English encoder gives their translations.

    python -m encoder.align --pairs en_fr.tsv --out build/aligned

The English encoder is its own teacher; besides the distance to the teacher's vector, each pair is told apart from the others of its batch.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch

from encoder.model import Encoder

BATCH = 48
RATE = 1e-4
SCALE = 20.0


def read_pairs(path: Path) -> list[tuple[str, str]]:
    """(English, French) of each line."""
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    return [(parts[0], parts[1]) for parts in (line.split("\t") for line in lines)]


def main() -> None:
    """Trains and saves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=2)
    arguments = parser.parse_args()
    torch.manual_seed(5)
    rng = random.Random(5)
    pairs = read_pairs(arguments.pairs)
    teacher, student = Encoder().eval(), Encoder().train()
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.01)
    steps = arguments.epochs * (len(pairs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1, pct_start=0.1)
    started, step = time.monotonic(), 0
    for epoch in range(arguments.epochs):
        rng.shuffle(pairs)
        for start in range(0, len(pairs) - BATCH + 1, BATCH):
            english, french = (list(side) for side in zip(*pairs[start : start + BATCH], strict=True))
            with torch.no_grad():
                wanted = teacher.vectors(english)
            got_french = student.vectors(french)
            got_english = student.vectors(english)
            near = (1 - (got_french * wanted).sum(1)).mean() + 0.5 * (1 - (got_english * wanted).sum(1)).mean()
            apart = torch.nn.functional.cross_entropy(SCALE * got_french @ wanted.T, torch.arange(len(french)))
            loss = near + 0.1 * apart
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step % 50 == 0:
                minutes = (time.monotonic() - started) / 60
                print(f"epoch {epoch + 1}, step {step}/{steps}, near {near.item():.3f}, apart {apart.item():.3f}, {minutes:.1f} min", flush=True)
    student.save(arguments.out)


if __name__ == "__main__":
    main()
