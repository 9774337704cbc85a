"""The desk with the gateway's harness: agents with a browser's cookies and forms, over real HTTP."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import aiohttp
import pytest
from playwright.async_api import Browser, async_playwright
from playwright.async_api import Page as BrowserPage

from desk.agent_models import Agent
from desk.agents import hash_password
from desk.canned import seed
from gateway.database import open_database
from tests.integration.gateway.conftest import (  # the fixtures of the gateway's harness
    Clock,
    Gateway,
    Talk,
    clock,
    database_url,
    gateway,
    http,
    migrated_on_postgresql,
    page,
    parts,
    postgresql_url,
    prepared,
    sqlite_url,
    start,
)

__all__ = [
    "Clock",
    "Gateway",
    "Talk",
    "clock",
    "database_url",
    "gateway",
    "http",
    "migrated_on_postgresql",
    "page",
    "parts",
    "postgresql_url",
    "prepared",
    "sqlite_url",
    "start",
]

PASSWORD = "une phrase assez longue"
ARGON2ID = asyncio.run(hash_password(PASSWORD))  # once: it takes its time, by design


class Colleague:
    """An agent's browser without a page: cookies, the form token of the last page, redirects followed."""

    def __init__(self, gateway: Gateway, email: str) -> None:
        self.gateway = gateway
        self.email = email
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.token = ""
        self.status = 0
        self.address = ""
        self.text = ""

    async def get(self, path: str, **headers: str) -> str:
        """The text of a page."""
        async with self.http.get(f"{self.gateway.url}{path}", headers=headers) as response:
            return await self._keep(response)

    async def post(
        self, path: str, form_token: str | None = None, *, headers: dict[str, str] | None = None, **fields: str
    ) -> str:
        """Sends a form, with the token of the last page unless another is given; the page that follows."""
        body = {"form_token": self.token if form_token is None else form_token, **fields}
        async with self.http.post(f"{self.gateway.url}{path}", data=body, headers=headers or {}) as response:
            return await self._keep(response)

    async def sign_in(self, password: str = PASSWORD, code: str = "") -> str:
        await self.get("/desk/sign-in?language=fr")
        return await self.post("/desk/sign-in", email=self.email, password=password, code=code)

    async def _keep(self, response: aiohttp.ClientResponse) -> str:
        self.status, self.text = response.status, await response.text()
        self.address = response.url.path
        self.headers = response.headers
        found = re.search(r'name="form_token" value="([^"]+)"', self.text)
        self.token = found.group(1) if found else self.token
        return self.text


async def add_agents(gateway: Gateway, **names: str) -> dict[str, int]:
    """Agents with a role each, `<name>@desk.example`, and the first canned answers; their numbers."""
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        people = {
            name: Agent(
                email=f"{name}@desk.example",
                name=f"{name.capitalize()} Roy",
                role=role,
                language="fr",
                brands=[],
                password_hash=ARGON2ID,
                created_at=gateway.app_clock(),
            )
            for name, role in names.items()
        }
        session.add_all(people.values())
        await seed(session)
        await session.flush()
        numbers = {name: agent.id for name, agent in people.items()}
    await engine.dispose()
    return numbers


@pytest.fixture
async def desk(gateway: Gateway, clock: Clock) -> AsyncIterator[Callable[..., Awaitable[Colleague]]]:
    """Luc and Nadia, agents; Diane, the administrator. Gives a signed-in colleague by name; `signed=False` without."""
    gateway.app_clock = clock
    await add_agents(gateway, luc="agent", nadia="agent", diane="administrator")
    async with AsyncExitStack() as closing:

        async def colleague(name: str, signed: bool = True) -> Colleague:
            person = Colleague(gateway, f"{name}@desk.example")
            closing.push_async_callback(person.http.close)
            if signed:
                await person.sign_in()
                assert person.address == "/desk/", person.text
            return person

        yield colleague


@pytest.fixture
def waiting(gateway: Gateway) -> Callable[..., Awaitable[Talk]]:
    """A customer who asked for a person, and waits."""

    async def wait(
        text: str = "Ma ligne ne fonctionne plus", brand: str = "primus", language: str = "fr", **queue: bool
    ) -> Talk:
        talk = await gateway.talk(brand, language)
        await talk.say(text)
        status, _ = await talk.inside("queue", queue)
        assert status == 200
        return talk

    return wait


AWAY = re.compile(
    r"status of (4\d\d|50[23])|Status Error Code 50[23]|htmx:(sendError|afterRequest)|net::ERR_(CONNECTION|EMPTY|INCOMPLETE)"
)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """Debian's Chromium; Playwright's own download is never used."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.skip("no Chromium: apt-get install chromium")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield running
        await running.close()


@pytest.fixture
async def window(browser: Browser, gateway: Gateway) -> AsyncIterator[Callable[..., Awaitable[BrowserPage]]]:
    """Opens a window of its own, as `name` where that is said; what the browser complains of fails the test."""
    complaints: list[str] = []

    async def open_window(
        name: str | None = None, width: int = 1280, scheme: str = "light", language: str = "fr"
    ) -> BrowserPage:
        context = await browser.new_context(
            locale=f"{language}-CA",
            viewport={"width": width, "height": 860},
            color_scheme=scheme,
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        page = await context.new_page()
        # A refusal is an answer of ours, and a gateway that is away a case that is tested; a broken policy or script is neither.
        page.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" and not AWAY.search(said.text) else None,
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        if name:
            await page.goto(f"{gateway.url}/desk/sign-in")
            await page.fill("[name=email]", f"{name}@desk.example")
            await page.fill("[name=password]", PASSWORD)
            await page.keyboard.press("Enter")
            await page.wait_for_url(f"{gateway.url}/desk/")
        return page

    yield open_window
    for context in browser.contexts:
        await context.close()
    assert complaints == []
