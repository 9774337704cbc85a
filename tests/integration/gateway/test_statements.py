"""The public pages on privacy and accessibility: in both languages, true to the settings, with the way to each brand."""

import re

import pytest

from gateway.days import Days


async def page(gateway, path, **headers):
    async with gateway.http.get(gateway.url + path, headers=headers) as response:
        assert response.status == 200
        assert response.headers["Content-Security-Policy"]
        return await response.text()


TITLES = [
    ("/privacy", {"fr": "Protection", "en": "Privacy"}),
    ("/accessibility", {"fr": "Accessibilité", "en": "Accessibility"}),
]


@pytest.mark.parametrize(("path", "title"), TITLES)
async def test_a_page_is_in_the_readers_language_and_leads_to_the_other(gateway, path, title, language):
    text = await page(gateway, path, **{"Accept-Language": f"{language}-CA"})
    assert f'<html lang="{language}">' in text
    assert f"<h1>{title[language]}" in text
    other = {"fr": "en", "en": "fr"}[language]
    assert f'href="?language={other}"' in text
    assert f'<html lang="{other}">' in await page(gateway, f"{path}?language={other}", **{"Accept-Language": language})
    assert "{" not in text


async def test_privacy_says_who_decides_that_a_person_can_be_asked_and_the_days_of_the_settings(start, language):
    gateway = await start(retention=Days(conversations=123, requests=456, letters=78, memory=9))
    text = await page(gateway, f"/privacy?language={language}")
    assert {"fr": "assistant automatisé", "en": "automated assistant"}[language] in text
    assert {"fr": "demander une personne à tout moment", "en": "ask for a person at any time"}[language] in text
    assert {"123", "456", "78", "9"} <= set(re.findall(r"\d+", text))


async def test_each_brand_is_reached_as_its_file_says_and_one_may_be_named(gateway):
    text = await page(gateway, "/privacy?language=en")
    assert "PRIMUS, 1 888 576-4899, businesscare@primustel.ca" in text
    only = await page(gateway, "/privacy?language=en&brand=pitney-bowes")
    assert "1 800 672 6937" in only
    assert "PRIMUS" not in only
    assert "<script>" not in await page(gateway, "/privacy?brand=%3Cscript%3E&language=%3Cscript%3E")
