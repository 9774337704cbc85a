"""The desk of a running program over HTTP, for tests without a browser: the first administrator, a session, forms."""

from __future__ import annotations

import html
import re
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

from tests.stack import Stack

NAME, EMAIL, PASSWORD = "Luc Roy", "luc@desk.example", "une phrase assez longue"


class DeskClient:
    """Luc, the administrator, signed in. Whichever test comes first makes him, by the link that the gateway printed."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self._token = ""
        self.get("/desk/sign-in?language=fr")
        page = self.post("/desk/sign-in", email=EMAIL, password=PASSWORD, code="")
        if "/desk/sign-out" not in page:
            log = (stack.folder / "gateway.log").read_text(encoding="utf-8", errors="replace")
            link = re.findall(r"/desk/setup/\S+", log)[-1]
            self.get(f"{link}?language=fr")
            page = self.post(f"{link}?language=fr", name=NAME, email=EMAIL, password=PASSWORD)
            assert "/desk/sign-out" in page, page

    def get(self, path: str) -> str:
        """The text of a page."""
        return self._read(urllib.request.Request(self._stack.url + path))

    def post(self, path: str, **fields: str) -> str:
        """Sends a form with the token of the last page; the page that follows."""
        body = urllib.parse.urlencode({"form_token": self._token, **fields}).encode()
        return self._read(urllib.request.Request(self._stack.url + path, body))

    def _read(self, request: urllib.request.Request) -> str:
        try:
            with self._opener.open(request, timeout=20) as response:
                text = response.read().decode()
        except urllib.error.HTTPError as error:
            text = error.read().decode()
        if found := re.search(r'name="form_token" value="([^"]+)"', text):
            self._token = html.unescape(found.group(1))
        return text
