"""First step: French sentences get the vectors that the English encoder gives their translations.

    python -m encoder.align --pairs data/parallel/en_fr.tsv data/parallel/phrasings.tsv --out build/aligned [--without-new]

The pairs of `phrasings.tsv` are phrasings of our customers and their translations; its third column is their outcome.

The English encoder is its own teacher (Reimers and Gurevych 2020); besides the distance to the teacher's vector, each pair is told apart
from the others of its batch. A part of the sentences is made noisy, so that a typing error does not move a sentence far.
"""

from __future__ import annotations

import argparse
import random
import time
from pathlib import Path

import torch

from bot.examples import new_articles
from bot.noise import Noise
from encoder.model import Encoder, half_precision, teacher_vectors
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
BATCH = 48
RATE = 1e-4
SCALE = 20.0
NOISY = 0.25  # share of sentences that are misspelt


def read_pairs(*paths: Path, without: frozenset[str] = frozenset()) -> list[tuple[str, str]]:
    """(English, French) of each line, but those whose third column is in `without`."""
    lines = [line.split("\t") for path in paths for line in path.read_text(encoding="utf-8").splitlines()[1:]]
    return [(parts[0], parts[1]) for parts in lines if parts[2] not in without]


def batches_by_length(pairs: list[tuple[str, str]], rng: random.Random) -> list[list[int]]:
    """Positions of the pairs, those of like length together: less of a batch is padding."""
    order = sorted(range(len(pairs)), key=lambda i: len(pairs[i][1]) + rng.random() * 12)
    batches = [order[start : start + BATCH] for start in range(0, len(order) - BATCH + 1, BATCH)]
    rng.shuffle(batches)
    return batches


def main() -> None:
    """Trains and saves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, nargs="+", required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument(
        "--start", type=Path, help="an encoder that knows some French already; without it, the English one"
    )
    parser.add_argument(
        "--without-new", action="store_true", help="leave out the articles that bot.new_articles takes for new"
    )
    arguments = parser.parse_args()
    torch.manual_seed(5)
    rng, noise = random.Random(5), Noise(seed=5)
    shelf = Shelf(ROOT / "knowledge_base")
    new = {article for brand in shelf.brands for article in new_articles(shelf, brand)}
    pairs = read_pairs(*arguments.pairs, without=frozenset(new if arguments.without_new else ()))
    student = Encoder(arguments.start).train()
    wanted_all = teacher_vectors(Encoder().eval(), [english for english, _ in pairs])
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.01, fused=True)
    steps = arguments.epochs * (len(pairs) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps + 1, pct_start=0.1)
    started, step = time.monotonic(), 0
    for epoch in range(arguments.epochs):
        for batch in batches_by_length(pairs, rng):
            wanted = wanted_all[batch]
            texts = [pairs[i][1] for i in batch] + [pairs[i][0] for i in batch]
            texts = [noise.copy(text, rng.randrange(1 << 30)) if rng.random() < NOISY else text for text in texts]
            with half_precision():
                got = student.vectors(texts)
            french, english = got.float().split(len(batch))
            near = (1 - (french * wanted).sum(1)).mean() + 0.5 * (1 - (english * wanted).sum(1)).mean()
            apart = torch.nn.functional.cross_entropy(SCALE * french @ wanted.T, torch.arange(len(batch)))
            loss = near + 0.1 * apart
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            step += 1
            if step % 50 == 0:
                minutes = (time.monotonic() - started) / 60
                print(
                    f"epoch {epoch + 1}, step {step}/{steps}, near {near.item():.3f}, apart {apart.item():.3f}, {minutes:.1f} min",
                    flush=True,
                )
    student.save(arguments.out)


if __name__ == "__main__":
    main()
