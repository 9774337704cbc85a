"""Moving services or machines to another address: a representative does it; where to and when is asked for first."""

from __future__ import annotations

from typing import Any

from actions.requests import RequestSpec
from actions.support_requests import SupportRequests
from actions.turn import Turn
from actions.wording import word
from formats import day


class Moves:
    """Runs after identity."""

    def __init__(self, support: SupportRequests, specs: dict[str, RequestSpec]) -> None:
        self._support = support
        self._specs = specs

    async def move_services(self, turn: Turn, token: str, details: dict[str, Any]) -> None:
        """Has a representative move them. No contract on machines includes the work of a move, so its charge is said."""
        date = day(details["preferred_on"], turn.language)
        text = word("request_texts.move_services", turn.language, address=details["new_address"], date=date)
        spec = self._specs["move_services"]
        await self._support.open(turn, spec, {**details, "description": text})
        turn.say("utter_move_machines" if "check_coverage" in turn.brand.requests else "utter_move_services", date=date)
