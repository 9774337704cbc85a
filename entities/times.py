"""Times of day: "à 14h", "14 h 30", "2 pm", "midi". Durations ("depuis 2 h") and opening round the clock are none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from entities.reading import Entity, Reading

AT = r"(?:a|vers|avant|apres|des|entre|jusqu'a|at|around|before|after|by|until|from)"
FORMS = (
    re.compile(r"(?<![\w:.,$])(?P<h>1[0-2]|0?[1-9])(?:[:.h](?P<m>[0-5]\d))? ?(?P<half>[ap])\.?m(?:\.|(?!\w))"),
    re.compile(r"(?<![\w:.,$/-])(?P<h>[01]?\d|2[0-3]) ?(?:h|heures?) ?(?P<m>[0-5]\d)(?![\w:])"),
    re.compile(r"(?<![\w:.,$/-])(?P<h>[01]?\d|2[0-3]):(?P<m>[0-5]\d)(?![\w:])"),
    re.compile(rf"(?<!\w){AT} (?P<h>[01]?\d|2[0-3]) ?(?:h|heures?|o'clock)(?! ?\d)(?!\w)"),
    re.compile(rf"(?<!\w)(?:{AT}|ce) (?P<noon>midi|noon)(?!\w)|(?<![\w'-])(?P<only>noon)(?!\w)"),
    re.compile(r"(?<!\w)(?:a|at|avant|before|by) (?P<midnight>minuit|midnight)(?!\w)"),
)
LED = re.compile(rf"^{AT} ")


def times(reading: Reading) -> Iterator[Entity]:
    """The times of a message, values as "14:30"."""
    for pattern in FORMS:
        for match in pattern.finditer(reading.plain):
            said = match.groupdict()
            hour, minute = int(said.get("h") or 0), int(said.get("m") or 0)
            if said.get("noon") or said.get("only"):
                hour = 12
            if said.get("half"):
                hour = hour % 12 + (12 if said["half"] == "p" else 0)
            led = LED.match(match.group())
            start = match.start() + (led.end() if led else 0)
            yield reading.entity("time", f"{hour:02}:{minute:02}", start, match.end())
