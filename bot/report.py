"""Pictures and intervals of the evaluation."""

from __future__ import annotations

import collections
import math
from pathlib import Path
from typing import List, Tuple

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np


def interval(right: int, count: int) -> Tuple[float, float]:
    """Wilson's 95 % interval of a share."""
    if not count:
        return 0.0, 1.0
    z, p = 1.96, right / count
    middle = (p + z * z / (2 * count)) / (1 + z * z / count)
    half = z * math.sqrt(p * (1 - p) / count + z * z / (4 * count * count)) / (1 + z * z / count)
    return max(0.0, middle - half), min(1.0, middle + half)


def confusion_picture(pairs: List[Tuple[str, str]], path: Path, most: int = 30) -> None:
    """Which outcomes are taken for which: the wrong (wanted, got) pairs as a matrix."""
    wanted = [name for name, _ in collections.Counter(a for a, _ in pairs).most_common(most)]
    got = [name for name, _ in collections.Counter(b for _, b in pairs).most_common(most)]
    matrix = np.zeros((len(wanted), len(got)))
    for a, b in pairs:
        if a in wanted and b in got:
            matrix[wanted.index(a), got.index(b)] += 1
    figure, axes = plt.subplots(figsize=(12, 10), layout="constrained")
    axes.imshow(matrix, cmap="Blues")
    axes.set_xticks(range(len(got)), got, rotation=90, fontsize=7)
    axes.set_yticks(range(len(wanted)), wanted, fontsize=7)
    axes.set_xlabel("understood")
    axes.set_ylabel("wanted")
    axes.set_title(f"{len(pairs)} messages not understood")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def reliability_picture(points: List[Tuple[float, bool]], path: Path, bins: int = 10) -> None:
    """Confidence against the share that was right: on the diagonal, confidences mean what they say."""
    figure, axes = plt.subplots(figsize=(6, 6), layout="constrained")
    axes.plot([0, 1], [0, 1], color="grey", linestyle="--")
    for low in np.arange(0, 1, 1 / bins):
        group = [right for confidence, right in points if low <= confidence < low + 1 / bins or confidence == low == 1]
        if group:
            axes.scatter(low + 0.5 / bins, np.mean(group), s=20 + 4 * len(group), color="tab:blue")
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1), title="Reliability")
    figure.savefig(path, dpi=110)
    plt.close(figure)
