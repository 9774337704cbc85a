"""The table that the scripts print: what was done, what was promised, what was seen."""

from __future__ import annotations

import os
import textwrap

WIDTHS = (50, 44, 62, 4)


class Table:
    """Prints each row as soon as it is known; `kept` in the end."""

    def __init__(self) -> None:
        self._broken = 0
        self._row("done", "promised", "seen", "")
        print("  ".join("-" * width for width in WIDTHS), flush=True)

    def add(self, done: str, promised: str, seen: str, kept: bool | None) -> None:
        """`kept` is None for what is only told."""
        self._broken += kept is False
        self._row(done, promised, seen, {True: "ok", False: "NOT", None: ""}[kept])

    def end(self) -> int:
        """The exit code: 1 where a promise was not kept."""
        load = os.getloadavg()[0]
        print(
            f"\n{os.cpu_count()} cores, load {load:.1f}. {'Every promise was kept.' if not self._broken else ''}",
            flush=True,
        )
        if self._broken:
            print(f"{self._broken} of the promises were not kept.", flush=True)
        return int(bool(self._broken))

    def _row(self, *cells: str) -> None:
        wrapped = [textwrap.wrap(cell, width) or [""] for cell, width in zip(cells, WIDTHS, strict=True)]
        for line in range(max(map(len, wrapped))):
            parts = [
                (cell[line] if line < len(cell) else "").ljust(width)
                for cell, width in zip(wrapped, WIDTHS, strict=True)
            ]
            print("  ".join(parts).rstrip(), flush=True)
