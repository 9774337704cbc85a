"""Makes and models of machines and modems, by the list of `models.yml` and however their parts are typed together."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from entities.reading import Entity, Reading, fold
from entities.words import one_of

# "SendPro" is also typed in two words, so capitals divide too.
PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+|[+@]")
BETWEEN = r"[ _-]{0,2}"


@functools.cache
def spellings() -> Mapping[str, str]:
    """Each spelling -> the model's name."""
    found = {}
    for make in _makes():
        for model in make["models"]:
            for spelling in (model["name"], *model.get("spelled", [])):
                found[spelling] = model["name"]
    return found


@functools.cache
def make_names() -> frozenset[str]:
    """The makes as people write them, in plain letters."""
    return frozenset(fold(name)[0] for make in _makes() for name in (make["name"], *make.get("spelled", [])))


@functools.cache
def _makes() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "models.yml").read_text(encoding="utf-8"))[
        "makes"
    ]
    return loaded


def joined(spelling: str) -> str:
    """The spelling without what may stand between its parts: "DM-300" and "dm 300" are "dm300"."""
    return "".join(PARTS.findall(spelling)).lower()


@functools.cache
def _known() -> tuple[re.Pattern[str], Mapping[str, str]]:
    by_joined = {joined(spelling): name for spelling, name in spellings().items()}
    forms = sorted(spellings(), key=len, reverse=True)
    pattern = "|".join(BETWEEN.join(re.escape(part.lower()) for part in PARTS.findall(form)) for form in forms)
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w]|-\d)"), by_joined


@functools.cache
def _unlisted() -> re.Pattern[str]:
    """A name with letters and digits right after a make, or after the word model: not every machine is in the list."""
    makes = one_of(make_names() - {"pb", "zoom"})
    token = r"(?P<code>(?=[a-z0-9-]*\d)[a-z]{1,6}-?\d{2,5}[a-z0-9]{0,4}(?:-\d+)?)"
    return re.compile(
        rf"(?<!\w)(?:{makes}|model(?:e)?(?: (?:number|no|is|est|numero))?[ :#]*(?:le |the )?)(?: model(?:e)?)?[ :,]*{token}(?![\w-]|\.\d)"
    )


def models(reading: Reading) -> Iterator[Entity]:
    """The models of a message, by their printed names; one that is not listed in capitals as it is typed."""
    known, names = _known()
    for match in known.finditer(reading.plain):
        yield reading.entity("model", names[joined(match.group())], match.start(), match.end())
    for match in _unlisted().finditer(reading.plain):
        yield reading.entity("model", match["code"].upper(), *match.span("code"))
