"""Articles in Chromium: edited, previewed and published by keyboard alone in both languages, and what axe-core finds on the pages."""

import pytest
from playwright.async_api import expect

from desk.knowledge_models import KnowledgeVersion, OpenQuestion, QuestionGroup
from gateway.database import open_database
from gateway.models import Message
from knowledge import read_article
from tests.integration.desk import test_windows
from tests.integration.desk.conftest import add_agents
from tests.integration.desk.knowledge_steps import PATH, edit, own_folder
from tests.integration.desk.test_windows import without_faults


@pytest.fixture
def folder(prepared, tmp_path):
    return own_folder(prepared, tmp_path)


@pytest.fixture
async def gateway(start, folder):
    return await start(knowledge_base=folder)


@pytest.fixture
async def lea(desk, gateway):
    await add_agents(gateway, lea="lead")
    return await desk("lea")


async def ready(page):
    """The page's scripts run, that of the preview too: the brand's colours are its work."""
    await test_windows.ready(page)
    await page.wait_for_function(
        "[...document.querySelectorAll('.web[data-colour]')].every((one) => one.style.getPropertyValue('--brand-link'))"
    )


async def in_language(page, language):
    if await page.get_attribute("html", "lang") != f"{language}-CA":
        await page.locator("header form button[name=language]").click()
        await expect(page.locator("html")).to_have_attribute("lang", f"{language}-CA")


async def tab_to(page, target):
    """With the tabulator alone, as somebody without a mouse."""
    for _ in range(60):
        if await page.locator(target).evaluate("node => node === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by keyboard")


async def test_an_article_is_edited_previewed_and_published_by_keyboard_alone(lea, window, gateway, folder, language):
    page = await window("lea")
    await in_language(page, language)
    await page.goto(f"{gateway.url}/desk/knowledge")
    await ready(page)
    await tab_to(page, f'a[href="{PATH}"]')
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**{PATH}")
    await ready(page)
    for code, text in (("fr", "Un **profil** : 50 comptes."), ("en", "One **profile**: 50 accounts.")):
        await tab_to(page, f"#{code}-body")
        await page.keyboard.press("Control+a")
        await page.keyboard.type(text)
    # The preview is the widget's own rendering, and comes by itself.
    await expect(page.locator("#preview .look[lang=en] .web-text strong")).to_have_text("profile")
    await expect(page.locator("#preview .look[lang=fr] .web-text strong")).to_have_text("profil")
    await tab_to(page, "#fr-sms")
    await page.keyboard.press("Control+a")
    await page.keyboard.type("Un profil: 50 comptes.")
    await tab_to(page, "#en-sms")
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Delete")
    await expect(page.locator("#preview .look[lang=fr] .sms-bubble")).to_contain_text("Un profil: 50 comptes.")
    await expect(page.locator("#preview .todo")).to_be_visible()
    await tab_to(page, "button[value=publish]")
    await page.keyboard.press("Enter")
    await expect(page.locator("#fault-en-sms .fault")).to_be_visible()
    await expect(page.locator("#en-sms")).to_have_attribute("aria-invalid", "true")
    await tab_to(page, "#en-sms")
    await page.keyboard.type("One profile: 50 accounts.")
    await expect(page.locator("#fault-en-sms .fault")).to_have_count(0)
    await tab_to(page, "button[value=publish]")
    await page.keyboard.press("Enter")
    await expect(page.locator("p.done[role=status]")).to_be_visible()
    article = read_article(folder / "primus" / "fr" / "account-limit.md")
    assert (article.body, article.sms) == ("Un **profil**\u00a0: 50 comptes.", "Un profil: 50 comptes.")
    # And back again.
    await page.goto(f"{gateway.url}{PATH}/versions/1")
    await ready(page)
    await tab_to(page, "form[action$='/again'] button")
    await page.keyboard.press("Enter")
    await expect(page.locator("p.done[role=status]")).to_be_visible()
    assert read_article(folder / "primus" / "fr" / "account-limit.md").body != article.body


async def test_the_brand_shows_in_the_preview(lea, window, gateway, folder):
    page = await window("lea")
    await page.goto(f"{gateway.url}{PATH}")
    await ready(page)
    head = page.locator("#preview .web-head").first
    assert await head.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(11, 79, 138)"


@pytest.mark.parametrize(("scheme", "language"), [("light", "fr"), ("dark", "en")])
async def test_axe_finds_nothing_on_the_pages_of_articles(lea, window, gateway, folder, scheme, language):
    await edit(lea, fr_body="Un **profil**\u00a0: 55 comptes.", do="draft", note="À relire")
    await edit(lea, "/desk/knowledge/wrs/automatic-payment-timing", effective="2026-12-01")
    for text in ("vendez-vous des timbres", "vendez-vous des camions"):
        await (await gateway.talk()).say(text)
    asked = [line for line in await gateway.rows(Message) if line.author == "customer"]
    engine, sessions = open_database(gateway.settings.database_url)
    async with sessions.begin() as session:
        for line, state, reason in zip(asked, ("open", "dismissed"), ("", "Hors de notre métier"), strict=True):
            group = QuestionGroup(
                brand="primus", language="fr", meaning=b"", times=3, first_at=line.at, last_at=line.at
            )
            group.state, group.reason = state, reason
            session.add(group)
            await session.flush()
            session.add(OpenQuestion(message=line.id, group=group.id, why="not_understood", at=line.at))
    await engine.dispose()
    for width in (1440, 320):
        page = await window("lea", scheme=scheme, width=width)
        await in_language(page, language)
        for path in (
            "/desk/knowledge",
            PATH,
            f"{PATH}/versions",
            f"{PATH}/versions/2",
            "/desk/knowledge/new?brand=wrs",
            "/desk/knowledge/wrs/automatic-payment-timing",
            "/desk/knowledge/questions",
            "/desk/knowledge/questions?state=dismissed",
        ):
            await page.goto(f"{gateway.url}{path}")
            await ready(page)
            await without_faults(page)
            assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        # Refused: with everything that must be put right beside its field.
        await page.goto(f"{gateway.url}{PATH}")
        await ready(page)
        await page.locator("button[value=publish]").click()
        await expect(page.locator(".fault").first).to_be_visible()
        await without_faults(page)
        await page.evaluate("document.querySelector('#retire').showModal()")
        await without_faults(page)
    assert len([one for one in await gateway.rows(KnowledgeVersion) if one.number > 1]) == 2
