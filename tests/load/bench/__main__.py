"""`make bench`: how fast this program is beside stock Rasa (`rasa init`, default pipeline) on the same machine in the same run.

    python -m tests.load.bench [--rounds 3] [--short] [--training] [--gate] [--record]

Both are started in turn, several times, and asked the same way: one customer at a time, then more and more at once, then one who goes on
and on; `--training`: how long each learns, too. Machines are shared, so only ratios decide; the table gives the median of the rounds and
the least and the most. Writes reports/bench/index.html (pictures) and bench.json. `--short`: one small round, for CI; `--gate` fails where
a ratio is 20 % worse than the one of tests/load/bench/recorded.json, which `--record` writes: in each of three rounds, as noise passes and
slowness stays. Nothing leaves this machine, and nothing stays but the report.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.load.bench.measure import Side, at_once, long_conversation, memory, one_at_a_time
from tests.load.bench.ours import Ours, Talk
from tests.load.bench.report import write_page
from tests.load.bench.spans import Collector, Step, steps
from tests.load.bench.stock import Stock
from tests.load.bench.training import training_seconds
from tests.stack import why_not

ROOT = Path(__file__).resolve().parents[3]
BOT = ROOT / "bot" / ".venv" / "bin" / "python"
REPORT = ROOT / "reports" / "bench"
RECORDED = Path(__file__).parent / "recorded.json"
WORSE = 1.20  # times the recorded ratio: noise alone stays below
SENT_WITHIN_S = 6  # the processes send their spans every five seconds
CUSTOMERS = (1, 4, 16, 32)
# name -> (what, goal, whether more is better): ratio of this program to stock Rasa, but where the name says otherwise.
RATIOS = {
    "question_p50": ("a question answered from an article, p50", 1 / 3, False),
    "question_p95": ("a question answered from an article, p95", 1 / 3, False),
    "balance_p95": ("a verified balance, p95", 1.0, False),
    "turns_a_second": ("turns a second, 16 conversations at once", 3.0, True),
    "start": ("start to first answer", 2 / 3, False),
    "memory": ("memory, all processes", 1.0, False),
    "training": ("training on the same phrasings (stock Rasa's reckoned from a few epochs)", 1 / 3, False),
    "long": ("a turn late in a long conversation against an early one (this program alone)", 1.2, False),
}

Round = dict[str, Any]


def percentile(times: list[float], share: float) -> float:
    """The value that `share` of the times stay at or below."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


async def measured(side: Side, short: bool) -> Round:
    """One round of one side."""
    found: Round = {"start": await side.start()}
    try:
        found["question"] = await one_at_a_time(side, 60 if short else 300)
        if isinstance(side, Ours):
            talk = await side.verified()
            found["balance"] = [await talk.turn() for _ in range(30 if short else 150)]
            await talk.close()
        found["load"] = {}
        for customers in (16,) if short else CUSTOMERS:
            rate, times, processor = await at_once(side, customers, 6 if short else 20)
            found["load"][customers] = {"turns_a_second": rate, "times": times, "processor_s": processor}
        found["memory"] = memory(side)
        if not short:
            found["long"] = await long_conversation(side, 1000)
    finally:
        side.stop()
    return found


def ratios_of(ours: Round, stock: Round) -> dict[str, float]:
    """What one round of both gives."""
    found = {
        "question_p50": percentile(ours["question"], 0.5) / percentile(stock["question"], 0.5),
        "question_p95": percentile(ours["question"], 0.95) / percentile(stock["question"], 0.95),
        "balance_p95": percentile(ours["balance"], 0.95) / percentile(stock["question"], 0.95),
        "turns_a_second": ours["load"][16]["turns_a_second"] / stock["load"][16]["turns_a_second"],
        "start": ours["start"] / stock["start"],
        "memory": ours["memory"] / stock["memory"],
    }
    if "long" in ours:
        # The first turns of a conversation do other work than later ones: from the tenth on.
        found["long"] = statistics.median(ours["long"][-100:]) / statistics.median(ours["long"][10:110])
    return found


def table(rounds: list[tuple[Round, Round]]) -> list[dict[str, Any]]:
    """A row for each ratio: median, least, most, goal, whether it is reached."""
    found = [ratios_of(ours, stock) for ours, stock in rounds]
    values = {name: [ratios[name] for ratios in found if name in ratios] for name in RATIOS}
    return [row(name, some) for name, some in values.items() if some]


def row(name: str, values: list[float]) -> dict[str, Any]:
    """What the table says of one ratio."""
    what, goal, more = RATIOS[name]
    middle = statistics.median(values)
    return {
        "name": name,
        "what": what,
        "ratio": middle,
        "least": min(values),
        "most": max(values),
        "goal": goal,
        "more": more,
        "reached": middle >= goal if more else middle <= goal,
    }


def worse(rows: list[dict[str, Any]], recorded: dict[str, float]) -> list[str]:
    """The ratios that are a fifth worse than the recorded ones in the best of the rounds: noise passes, slowness stays."""
    found = []
    for one in rows:
        kept, best = recorded.get(one["name"]), one["most"] if one["more"] else one["least"]
        if kept and (best * WORSE < kept if one["more"] else best > kept * WORSE):
            found.append(f"{one['what']}: {best:.2f}, recorded {kept:.2f}")
    return found


def printed(rows: list[dict[str, Any]], rounds: list[tuple[Round, Round]]) -> str:
    """The table for a terminal, and the absolute figures of the last round below it."""
    lines = ["| what | ratio | least to most | goal | |", "| --- | --- | --- | --- | --- |"]
    for row in rows:
        goal = f"{'at least' if row['more'] else 'at most'} {row['goal']:.2f}"
        spread = f"{row['least']:.2f} to {row['most']:.2f}"
        lines.append(
            f"| {row['what']} | {row['ratio']:.2f} | {spread} | {goal} | {'ok' if row['reached'] else 'NOT'} |"
        )
    for name, one in zip(("this program", "stock Rasa"), rounds[-1], strict=True):
        load = one["load"][16]
        lines.append(
            f"{name}, last round: start {one['start']:.1f} s, question p50 {percentile(one['question'], 0.5) * 1000:.0f} ms, p95 "
            f"{percentile(one['question'], 0.95) * 1000:.0f} ms, {load['turns_a_second']:.1f} turns a second at 16 "
            f"({load['processor_s'] * 1000:.0f} ms of processor each), {one['memory']:.0f} MiB"
        )
    return "\n".join(lines)


async def profile(folder: Path) -> dict[str, list[Step]]:
    """What each step of a turn takes, from a run of its own that is traced: of a question, and of a verified balance."""
    ours, collector, found = Ours(ROOT, folder), Collector(), {}
    await collector.start()
    try:
        await ours.start(TRACES_URL=collector.url)
        talk = await ours.verified()
        for what, turns in (("question", lambda: one_at_a_time(ours, 120)), ("balance", lambda: several(talk, 60))):
            await asyncio.sleep(SENT_WITHIN_S)
            collector.spans.clear()
            await turns()
            await asyncio.sleep(SENT_WITHIN_S)
            found[what] = steps(collector.spans)
        await talk.close()
    finally:
        ours.stop()
        await collector.stop()
    return found


async def several(talk: Talk, turns: int) -> None:
    """So many turns of one conversation."""
    for _ in range(turns):
        await talk.turn()


async def run(
    rounds: int, short: bool, folder: Path, enough: Callable[[list[tuple[Round, Round]]], bool]
) -> list[tuple[Round, Round]]:
    """Both sides in turn, so many times at most; no further once it is `enough`."""
    stock, ours = Stock(BOT, folder), Ours(ROOT, folder)
    print("building the bot of `rasa init` …", flush=True)
    stock.build()
    found = []
    for number in range(1, rounds + 1):
        pair = []
        for side in (ours, stock):
            print(f"round {number} of {rounds}: {side.name} …", flush=True)
            pair.append(await measured(side, short))
        found.append((pair[0], pair[1]))
        if enough(found):
            break
    return found


def main() -> int:
    """Measures, writes, prints; 1 where the gate is not passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--training", action="store_true")
    parser.add_argument("--gate", action="store_true")
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    reason = why_not(ROOT)
    if reason:
        print(reason, file=sys.stderr)
        return 2
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if arguments.gate else {}

    def enough(found: list[tuple[Round, Round]]) -> bool:
        return arguments.short and not worse(table(found), recorded)

    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rounds = asyncio.run(run(arguments.rounds, arguments.short, Path(folder), enough))
        spans = {} if arguments.short else asyncio.run(profile(Path(folder)))
        trained = training_seconds(ROOT, Path(folder), Stock(BOT, Path(folder)).env) if arguments.training else {}
    rows = table(rounds)
    if trained:
        rows.append(row("training", [trained["ours"] / trained["stock"]]))
    REPORT.mkdir(parents=True, exist_ok=True)
    (REPORT / "bench.json").write_text(
        json.dumps({"ratios": rows, "rounds": rounds, "steps": spans}) + "\n", encoding="utf-8"
    )
    write_page(REPORT / "index.html", rows, rounds, spans)
    print(printed(rows, rounds))
    print(f"Report: {REPORT / 'index.html'}")
    if arguments.record:
        kept = {row["name"]: round(row["ratio"], 3) for row in rows}
        RECORDED.write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    fell = worse(rows, recorded)
    for line in fell:
        print(f"A fifth worse than recorded: {line}", file=sys.stderr)
    return 1 if fell else 0


if __name__ == "__main__":
    sys.exit(main())
