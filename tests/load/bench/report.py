"""The page of a benchmark: the table, and pictures of the time of a turn against load and against the length of a conversation."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, select_autoescape

WIDTH, HEIGHT, EDGE = 560, 300, 48
WINDOW = 50  # turns of a long conversation in one point
Points = list[tuple[float, float]]


def curve(points: Points, across: float, up: float) -> str:
    """The points of a polyline within the frame, for values up to `across` and `up`."""
    width, height = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    return " ".join(f"{EDGE + width * x / across:.1f},{HEIGHT - EDGE - height * y / up:.1f}" for x, y in points)


def picture(title: str, x_title: str, lines: dict[str, Points]) -> dict[str, Any]:
    """What the template draws: one line for each side; the values stand in a table below."""
    across = max(x for points in lines.values() for x, _ in points)
    up = max(y for points in lines.values() for _, y in points) * 1.1
    ticks = [round(up * share / 4) for share in range(5)]
    return {
        "title": title,
        "x_title": x_title,
        "lines": [
            {"name": name, "curve": curve(points, across, up), "points": points} for name, points in lines.items()
        ],
        "ticks": [{"value": tick, "y": float(curve([(0, tick)], across, up).split(",")[1])} for tick in ticks],
        "across": across,
    }


def by_load(rounds: list[Any], percent: float) -> dict[str, Points]:
    """Milliseconds of a turn by how many talk at once, the median of the rounds."""
    lines: dict[str, Points] = {}
    for place, name in enumerate(("this program", "stock Rasa")):
        counts = sorted(rounds[0][place]["load"])
        lines[name] = []
        for count in counts:
            values = [
                1000
                * sorted(one[place]["load"][count]["times"])[
                    int(percent * (len(one[place]["load"][count]["times"]) - 1))
                ]
                for one in rounds
            ]
            lines[name].append((float(count), statistics.median(values)))
    return lines


def by_length(rounds: list[Any]) -> dict[str, Points]:
    """Milliseconds of a turn by its place in one conversation; empty where no round measured it."""
    lines: dict[str, Points] = {}
    for place, name in enumerate(("this program", "stock Rasa")):
        long = [one[place]["long"] for one in rounds if "long" in one[place]]
        if long:
            lines[name] = [
                (
                    float(start + WINDOW),
                    1000 * statistics.median(t for times in long for t in times[start : start + WINDOW]),
                )
                for start in range(0, len(long[0]), WINDOW)
            ]
    return lines


def write_page(
    path: Path, rows: list[dict[str, Any]], rounds: list[Any], spans: dict[str, list[dict[str, Any]]]
) -> None:
    """Writes one page that needs nothing else. `spans`: the steps of each kind of turn."""
    pictures = [
        picture("A turn by load, median (ms)", "customers at once", by_load(rounds, 0.5)),
        picture("A turn by load, 95th percentile (ms)", "customers at once", by_load(rounds, 0.95)),
    ]
    length = by_length(rounds)
    if length:
        pictures.append(picture("A turn by the length of its conversation (ms)", "turns before it", length))
    environment = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=select_autoescape())
    page = environment.get_template("report.html").render(
        rows=rows, spans=spans, pictures=pictures, rounds=len(rounds), width=WIDTH, height=HEIGHT, edge=EDGE
    )
    path.write_text(page, encoding="utf-8")
