"""The evaluation as a page (report.html) and as Markdown: lays out what was counted, counts nothing itself but for the pictures."""

from __future__ import annotations

import collections
import datetime
import math
from pathlib import Path
from typing import Any, Dict, List, NamedTuple, Sequence, Set, Tuple

import jinja2

from bot.entity_report import ALL, Row
from bot.figures import GROUPS, OUT, Case, Figure, Figures, interval, points_of, reliability

FOLDER = Path(__file__).parent
MOST = 30  # outcomes in the confusion picture; more cannot be read
BARS = 24
KINDS = ("article", "request", "out_of_scope")
# The steps of the ladder (bot.ladder), in its order.
STEPS = {
    "diet": "Stock Rasa: DIET, its default English pipeline",
    "words": "Words and letters",
    "words_noise": "Words and letters, with noisy copies",
    "encoder": "Sentence encoder alone",
    "both": "Words, letters and encoder",
    "all": "All, with noisy copies: what runs",
}

Ladder = List[Dict[str, Any]]


class Confusion(NamedTuple):
    """The messages not understood: `cells` holds (row, column, messages) where `wanted` was taken for `got`."""

    wanted: List[str]
    got: List[str]
    cells: List[Tuple[int, int, int]]
    most: int


class LadderRow(NamedTuple):
    """One step: seconds of processor for learning, and the share right in each set by language ("all" for both)."""

    title: str
    learned_s: float
    sets: Dict[str, Dict[str, Figure]]


def confusion(cases: List[Case]) -> Confusion:
    """The wrong pairs, the most frequent outcomes first."""
    pairs = collections.Counter((case["expect"][0], case["got"]) for case in cases if not case["right"])
    rows: Dict[str, int] = collections.Counter()
    columns: Dict[str, int] = collections.Counter()
    for (wanted, got), count in pairs.items():
        rows[wanted] += count
        columns[got] += count
    wanted_names = sorted(rows, key=lambda name: (-rows[name], name))[:MOST]
    got_names = sorted(columns, key=lambda name: (-columns[name], name))[:MOST]
    cells = [
        (wanted_names.index(wanted), got_names.index(got), count)
        for (wanted, got), count in pairs.items()
        if wanted in wanted_names and got in got_names
    ]
    return Confusion(wanted_names, got_names, cells, max(pairs.values(), default=1))


def by_kind(cases: List[Case]) -> Dict[str, Dict[str, int]]:
    """What messages of each kind were taken for: "right", or the kind of the wrong outcome."""
    found: Dict[str, Dict[str, int]] = {kind: collections.Counter() for kind in KINDS}
    for case in cases:
        got = "right" if case["right"] else _kind(case["got"])
        found[case["kind"]][got] += 1
    return {kind: dict(counts) for kind, counts in found.items() if counts}


def _kind(outcome: str) -> str:
    if outcome == OUT:
        return "out_of_scope"
    return "request" if outcome.startswith("do/") else "article"


def bars(values: Sequence[float]) -> List[Tuple[float, float, int]]:
    """A histogram: (from, to, how many) of `BARS` equal parts up to the 99th percentile; the last holds all beyond."""
    ordered = sorted(values)
    if not ordered:
        return []
    low, high = ordered[0], ordered[math.ceil(0.99 * len(ordered)) - 1]
    width = (high - low) / BARS or 1.0
    counts = collections.Counter(min(int((value - low) / width), BARS - 1) for value in ordered)
    return [(low + i * width, low + (i + 1) * width, counts[i]) for i in range(BARS)]


def ladder_tables(ladder: Ladder) -> Dict[str, List[LadderRow]]:
    """The ladder by brand, and over all its brands those steps that were tried on each."""
    brands = sorted({row["brand"] for row in ladder})
    groups = {"all": brands, **{brand: [brand] for brand in brands}} if len(brands) > 1 else {b: [b] for b in brands}
    tables = {}
    for group, members in groups.items():
        rows = []
        for step, title in STEPS.items():
            mine = [row for row in ladder if row["step"] == step and row["brand"] in members]
            if len(mine) == len(members):
                rows.append(LadderRow(title, sum(row["learned_s"] for row in mine), _sum_sets(mine)))
        tables[group] = rows
    return tables


def _sum_sets(rows: Ladder) -> Dict[str, Dict[str, Figure]]:
    """Right and messages of each set and language, summed over the rows of several brands."""
    sums: Dict[str, Dict[str, List[int]]] = {}
    for row in rows:
        for name, languages in row["sets"].items():
            for language, (right, messages) in languages.items():
                for one in (language, ALL):
                    total = sums.setdefault(name, {}).setdefault(one, [0, 0])
                    total[0] += right
                    total[1] += messages
    return {
        name: {one: Figure(r / max(1, n), n, *interval(r, n)) for one, (r, n) in languages.items()}
        for name, languages in sums.items()
    }


def ladder_markdown(ladder: Ladder) -> List[str]:
    """The ladder as Markdown: the share right of each set in French, in English, and in both."""
    lines: List[str] = []
    for group, rows in ladder_tables(ladder).items():
        names = list(rows[0].sets) if rows else []
        heads = [f"{name}: {column}" for name in names for column in ("fr", "en", "all")]
        lines += [f"## {group}", "", f"| step | processor | {' | '.join(heads)} |", "| --- " * (2 + len(heads)) + "|"]
        for row in rows:
            cells = [row.sets[name].get(one) for name in names for one in ("fr", "en", ALL)]
            shown = " | ".join(f"{100 * cell.value:.1f}" if cell else "–" for cell in cells)
            lines.append(f"| {row.title} | {row.learned_s:.0f} s | {shown} |")
        lines.append("")
    return lines


def by_entity(rows: Sequence[Row]) -> Dict[str, Dict[str, Row]]:
    """The figures of entities by kind and language, "all" first."""
    kinds = _ordered({row.kind for row in rows})
    found: Dict[str, Dict[str, Row]] = {kind: {} for kind in kinds}
    for language in _ordered({row.language for row in rows}):
        for row in rows:
            if row.language == language:
                found[row.kind][language] = row
    return found


def _ordered(names: Set[str]) -> List[str]:
    """The sum before its parts, French before English, all else by name."""
    return sorted(names, key=lambda name: ((ALL, "fr").index(name) if name in (ALL, "fr") else 2, name))


def page(figures: Figures, cases: List[Case], language_cases: List[Case], entities: List[Row], ladder: Ladder) -> str:
    """The whole report as one page that loads nothing."""
    groups = {by: {one: figures[_name(by, one)] for one in _ordered({case[by] for case in cases})} for by in GROUPS}
    shown = [figure for found in groups.values() for figure in found.values()]
    lowest = min([1.0, *(figure.low or 0.0 for figure in shown if figure.messages >= 10)])
    template = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return template.from_string((FOLDER / "report.html").read_text(encoding="utf-8")).render(
        figures=figures,
        cases=cases,
        language_cases=language_cases,
        entities=by_entity(entities),
        groups=groups,
        languages=list(groups["language"]),
        floor=min(0.9, math.floor(lowest * 10) / 10),
        bins=reliability(points_of(cases)),
        kinds=by_kind(cases),
        confusion=confusion(cases),
        bars=bars([1000 * case["seconds"] for case in cases]),
        ladder=ladder_tables(ladder),
        ladder_dates=sorted({row["learned_on"] for row in ladder}),
        made=datetime.datetime.now(datetime.timezone.utc),
    )


def _name(by: str, group: str) -> str:
    return f"understanding.{group}" if by == "language" else f"understanding.{by}.{group}"


def markdown(figures: Figures, cases: List[Case], entities: List[Row]) -> List[str]:
    """The figures, the messages not understood and the entities, as lines of Markdown."""
    lines = [f"# Understanding: {len(cases)} messages", "", "| figure | value | messages | 95 % interval |"]
    lines.append("| --- | --- | --- | --- |")
    for name, figure in figures.items():
        if name.startswith("entities.") and name.count(".") > 1:
            continue  # those of kinds stand in their own table
        bounds = f"{figure.low:.3f}–{figure.high:.3f}" if figure.low is not None else ""
        lines.append(f"| {name} | {figure.value:.3f} | {figure.messages or ''} | {bounds} |")
    lines += ["", "## Not understood", "", "| message | wanted | got |", "| --- | --- | --- |"]
    for case in cases:
        if not case["right"]:
            lines.append(f"| {case['text'].replace('|', '/')} | {', '.join(case['expect'])} | {case['got']} |")
    lines += ["", "## Entities", "", "| kind | language | labelled | precision | recall | F1 |", "| --- " * 6 + "|"]
    lines += [f"| {k} | {lang} | {n} | {p:.3f} | {r:.3f} | {f1:.3f} |" for k, lang, n, p, r, f1 in entities]
    return [*lines, ""]
