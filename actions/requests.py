"""What each request needs before it is carried out, from `requests.yml`."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import yaml

HAND_OVER_FIELDS = ("description", "contact")


@dataclasses.dataclass(frozen=True)
class RequestSpec:
    """`do` names the function that carries the request out; None where a person does. `confirm` is the response that asks."""

    id: str
    title: dict[str, str]
    category: str
    access: str = "none"
    fields: tuple[str, ...] = HAND_OVER_FIELDS
    confirm: str | None = None
    do: str | None = None

    @property
    def by_form(self) -> bool:
        """Whether the form gathers for it (the others are answered in the conversation at once)."""
        return self.category != "none"


def read_requests(path: Path | None = None) -> dict[str, RequestSpec]:
    """All requests by id."""
    data = yaml.safe_load((path or Path(__file__).parent / "requests.yml").read_text(encoding="utf-8"))
    specs = {}
    for name, value in data.items():
        fields = tuple(value.pop("fields", () if value.get("do") else HAND_OVER_FIELDS))
        specs[name] = RequestSpec(id=name, fields=fields, **value)
    return specs
