"""What each request needs before it is carried out, from `requests.yml`, and what each live answer needs, from `live_answers.yml`."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import yaml

HAND_OVER_FIELDS = ("description", "contact")
LIVE = "live"  # on the choice that an article offers: its live answer
REPEAT = "repeat"  # asked first where a request of the same kind is open in this conversation already


@dataclasses.dataclass(frozen=True)
class RequestSpec:
    """What `requests.yml` says of a request.

    `fields` are asked for, one after the other; what `takes` names is read where the customer says it by themselves. `begin` names the
    function that tells what one must know before the fields are asked for, `prepare` the one that reads what a yes must rest on; either
    may say why there is nothing to do. `confirm` is the response that asks. `do`
    names the function that carries the request out; None where a person does. `scope` is the right that its calls need. `asks` is the
    response that asks for the description, where it is not the usual one. `look_up`: it only tells something of the customer's account.
    """

    id: str
    title: dict[str, str]
    category: str
    access: str = "none"
    fields: tuple[str, ...] = (REPEAT, *HAND_OVER_FIELDS)
    takes: tuple[str, ...] = ()
    begin: str | None = None
    prepare: str | None = None
    confirm: str | None = None
    do: str | None = None
    scope: str = "account"
    asks: str | None = None
    look_up: bool = False

    @property
    def by_form(self) -> bool:
        """Whether the form gathers for it (the others are answered in the conversation at once)."""
        return self.category != "none"

    @property
    def changes(self) -> bool:
        """Whether it changes something of the customer's account, or has it changed: a code that is enough to read is not enough."""
        return self.access == "verified" and not self.look_up

    def choice(self, language: str, article: str | None = None) -> dict[str, str]:
        """The request as a choice that is offered; what `article` offers is chosen by coming back to that article."""
        title = self.title[language]
        return (
            {"title": title, "outcome": article, LIVE: self.id}
            if article
            else {"title": title, "outcome": f"do/{self.id}"}
        )

    def facts(self, details: dict[str, Any]) -> dict[str, str]:
        """What was gathered for a person beside the description and the contact."""
        names = [name for name in (*self.fields, *self.takes) if name not in (*HAND_OVER_FIELDS, REPEAT)]
        return {name: details[name] for name in names if details.get(name)}


def read_requests() -> dict[str, RequestSpec]:
    """All requests of the catalogue by id."""
    return _read("requests.yml")


def read_live_answers() -> dict[str, RequestSpec]:
    """What articles have looked up or worked out, by the name in their header."""
    return _read("live_answers.yml")


def _read(name: str) -> dict[str, RequestSpec]:
    data = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    specs = {}
    for name, value in data.items():
        fields = tuple(value.pop("fields", () if value.get("do") else (REPEAT, *HAND_OVER_FIELDS)))
        takes = tuple(value.pop("takes", ()))
        specs[name] = RequestSpec(id=name, fields=fields, takes=takes, **value)
    return specs
