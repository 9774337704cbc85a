"""What changed between two texts, word by word, as people read it. A rule: it knows nothing of articles."""

from __future__ import annotations

import dataclasses
import difflib
import re

SAME, ADDED, REMOVED, LEFT_OUT = "same", "added", "removed", "left_out"
WORD = re.compile(r"\w+|[^\w\s]|\s+")
AROUND = 2  # unchanged lines that are shown on each side of a change


@dataclasses.dataclass(frozen=True)
class Piece:
    """A stretch of a text: what both have, what only the new one has, what only the old one had, or lines that both have, left out."""

    kind: str
    text: str


def difference(old: str, new: str) -> list[Piece]:
    """The new text with what was taken out still in it; [] where nothing changed. Long unchanged stretches are left out."""
    if old == new:
        return []
    pieces: list[Piece] = []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            pieces += _unchanged(before[a:b], first=number == 0, last=number == len(blocks) - 1)
        else:
            pieces += _words("".join(before[a:b]), "".join(after[c:d]))
    return _joined(pieces)


def _unchanged(lines: list[str], first: bool, last: bool) -> list[Piece]:
    head, tail = (0 if first else AROUND), (0 if last else AROUND)
    if len(lines) <= head + tail + 1:
        return [Piece(SAME, "".join(lines))]
    kept = [Piece(SAME, "".join(lines[:head])), Piece(LEFT_OUT, "…\n")]
    return [*kept, Piece(SAME, "".join(lines[len(lines) - tail :]) if tail else "")]


def _words(old: str, new: str) -> list[Piece]:
    before, after = WORD.findall(old), WORD.findall(new)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < 0.4:  # another text: words in common would only confuse
        return [Piece(REMOVED, old), Piece(ADDED, new)]
    pieces = []
    for kind, a, b, c, d in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece(SAME, "".join(before[a:b])))
        else:
            pieces += [Piece(REMOVED, "".join(before[a:b])), Piece(ADDED, "".join(after[c:d]))]
    return pieces


def _joined(pieces: list[Piece]) -> list[Piece]:
    found: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        if found and found[-1].kind == piece.kind:
            found[-1] = Piece(piece.kind, found[-1].text + piece.text)
        else:
            found.append(piece)
    return found
