"""`POST /desk/api/triage`: the triage box for programs, so that a mailbox can feed it.

By the token of the setting DESK_API_TOKEN, and closed to programs where that is absent; or by an agent's session, with the token of
the page's form in the header X-Form-Token, so that no other site can ask in the agent's name.
"""

from __future__ import annotations

from aiohttp import web

from desk.agents import Doors
from desk.console.web import COOKIE
from desk.triage_box import TriageBox
from gateway.web import Problem, json_object, json_response, same
from knowledge import Shelf

CHARACTERS = 20_000  # of a pasted text: a long mail with its thread


class TriageApi:
    """The handler. `token`: the setting, "" where it is absent."""

    def __init__(self, box: TriageBox, shelf: Shelf, token: str, doors: Doors) -> None:
        self._box = box
        self._shelf = shelf
        self._token = token
        self._doors = doors

    def routes(self) -> list[web.RouteDef]:
        """The route."""
        return [web.post("/desk/api/triage", self.triage)]

    async def triage(self, request: web.Request) -> web.Response:
        """`{"text","brand","language"}` -> what the box makes of it."""
        if not await self._allowed(request):
            raise Problem("desk_unauthorized", 401)
        body = await json_object(request)
        text, brand, language = body.get("text"), body.get("brand"), body.get("language")
        if not isinstance(text, str) or not text.strip():
            raise Problem("empty_message", 422)
        if len(text) > CHARACTERS:
            raise Problem("long_message", 413, characters=CHARACTERS)
        if brand is not None and (not isinstance(brand, str) or brand not in self._shelf.brands):
            raise Problem("unknown_brand", 422, brand=str(brand)[:40], brands=", ".join(sorted(self._shelf.brands)))
        if language not in (None, "fr", "en"):
            raise Problem("unknown_language", 422)
        return json_response(await self._box.read(text, brand=brand, language=language))

    async def _allowed(self, request: web.Request) -> bool:
        scheme, _, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return bool(self._token) and same(given, self._token)
        who = await self._doors.who(request.cookies.get(COOKIE), touch=True)
        form_token = request.headers.get("X-Form-Token", "")
        return who is not None and same(form_token, who.form_token)
