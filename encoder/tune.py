"""Second step: phrasings of one outcome are drawn together, French and English alike, those of others apart.

    python -m encoder.tune --start build/aligned --pairs data/parallel/en_fr.tsv --out build/tuned [--without-new]

A batch holds outcomes of one brand, several phrasings of each in both languages, some of them noisy. Half of the batches are drawn at
random; the other half are outcomes that the encoder still takes for one another. Sentence pairs are mixed in, so that what the
encoder knows beyond our customers is not forgotten.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import defaultdict
from pathlib import Path

import torch

from bot.examples import brand_examples, new_articles, request_examples
from bot.noise import Noise
from bot.text import fold
from encoder.align import read_pairs
from encoder.model import Encoder, half_precision, teacher_vectors
from knowledge import Shelf

ROOT = Path(__file__).resolve().parent.parent
OUTCOMES, EACH = 24, 4  # a batch: outcomes, and phrasings of each
PAIRS = 8
RATE = 1.5e-4
TEMPERATURE = 0.07
NOISY = 0.35
NEIGHBOURS_EVERY = 150  # steps between two looks at which outcomes are near one another
APART = "do/out_of_scope"  # no subject of its own: each of its phrasings is only told apart from the others

Groups = dict[str, dict[str, list[str]]]


def read_groups(without_new: bool) -> Groups:
    """brand -> outcome -> phrasings."""
    shelf = Shelf(ROOT / "knowledge_base")
    requests = request_examples(ROOT / "data" / "nlu")
    groups: Groups = {}
    for brand in sorted(shelf.brands):
        found: dict[str, list[str]] = defaultdict(list)
        left_out = new_articles(shelf, brand) if without_new else ()
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
    each = -(log_share * same).sum(1).div(same.sum(1).clamp(min=1))
    return each.sum() / same.any(1).sum().clamp(min=1)


class Batches:
    """Draws the batches of one training."""

    def __init__(self, groups: Groups, rng: random.Random) -> None:
        self._groups, self._rng = groups, rng
        self._noise = Noise(seed=12)
        self._near: dict[str, dict[str, list[str]]] = {}

    def look(self, student: Encoder) -> None:
        """Which outcomes of a brand lie near each other now, by the middle of a few phrasings."""
        for brand, outcomes in self._groups.items():
            names = sorted(outcomes)
            texts = [self._rng.sample(outcomes[name], min(6, len(outcomes[name]))) for name in names]
            vectors = teacher_vectors(student, [text for group in texts for text in group])
            middles = torch.stack([part.mean(0) for part in vectors.split([len(group) for group in texts])])
            middles = torch.nn.functional.normalize(middles, dim=1)
            order = (middles @ middles.T).argsort(dim=1, descending=True)
            self._near[brand] = {name: [names[j] for j in order[i]] for i, name in enumerate(names)}

    def draw(self) -> tuple[list[str], torch.Tensor]:
        """Texts, and the number of each text's outcome."""
        rng = self._rng
        brand = rng.choice(sorted(self._groups))
        outcomes = self._groups[brand]
        if self._near and rng.random() < 0.5:
            seeds = rng.sample(sorted(outcomes), 3)
            chosen = list(dict.fromkeys(name for seed in seeds for name in self._near[brand][seed][: OUTCOMES // 3]))
        else:
            chosen = rng.sample(sorted(outcomes), min(OUTCOMES, len(outcomes)))
        texts, labels = [], []
        for number, name in enumerate(chosen):
            for text in rng.sample(outcomes[name], min(EACH, len(outcomes[name]))):
                labels.append(1000 + len(texts) if name == APART else number)
                texts.append(fold(self._noise.copy(text, rng.randrange(1 << 30)) if rng.random() < NOISY else text))
        return texts, torch.tensor(labels)


def main() -> None:
    """Trains and saves."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--start", type=Path, required=True)
    parser.add_argument("--pairs", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=1200)
    parser.add_argument(
        "--without-new", action="store_true", help="leave out the articles that bot.new_articles takes for new"
    )
    arguments = parser.parse_args()
    torch.manual_seed(6)
    rng = random.Random(6)
    batches = Batches(read_groups(arguments.without_new), rng)
    pairs = read_pairs(arguments.pairs)
    student = Encoder(arguments.start).train()
    wanted_all = teacher_vectors(Encoder(arguments.start).eval(), [english for english, _ in pairs])
    optimizer = torch.optim.AdamW(student.parameters(), lr=RATE, weight_decay=0.01, fused=True)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=arguments.steps + 1, pct_start=0.1)
    started = time.monotonic()
    for step in range(1, arguments.steps + 1):
        if step % NEIGHBOURS_EVERY == 0:
            batches.look(student.eval())
            student.train()
        texts, labels = batches.draw()
        chosen = rng.sample(range(len(pairs)), PAIRS)
        wanted = wanted_all[chosen]
        with half_precision():
            vectors = student.vectors(texts).float()
            sides = student.vectors([pairs[i][1] for i in chosen] + [pairs[i][0] for i in chosen]).float()
        french, english = sides.split(PAIRS)
        near = (1 - (french * wanted).sum(1)).mean() + (1 - (english * wanted).sum(1)).mean()
        loss = contrast(vectors, labels) + 0.5 * near
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        if step % 50 == 0:
            minutes = (time.monotonic() - started) / 60
            print(
                f"step {step}/{arguments.steps}, loss {loss.item():.3f}, near {near.item():.3f}, {minutes:.1f} min",
                flush=True,
            )
    student.save(arguments.out)


if __name__ == "__main__":
    main()
