"""A conversation by text message at the desk: taken, answered, handed back; what each text cost, and how far it came."""

from decimal import Decimal

import pytest

from gateway.models import Conversation
from gateway.sms_settings import SmsSettings
from tests.integration.gateway.onward_steps import move
from tests.integration.gateway.sms_steps import AMELIE, NUMBERS, TOKEN, post, say, sent

SMS = SmsSettings(numbers=NUMBERS, twilio_tokens=(TOKEN,), burst_s=0.0, cost_a_day=Decimal("0.05"))


@pytest.fixture
async def gateway(start):
    return await start(sms=SMS)


async def test_an_agents_lines_go_out_by_text_and_the_assistant_is_silent(desk, gateway, parts):
    luc = await desk("luc")
    await say(gateway, "bonjour, une personne svp")
    await sent(gateway, 1)
    (talk,) = await gateway.rows(Conversation)
    place = f"/desk/conversations/{talk.id}"
    await luc.get(place)
    assert "Texto · 1 partie (GSM-7) · envoyé" in luc.text
    await luc.post(f"{place}/answer", text="Bonjour Amélie, c’est réglé.", form_id="abcdefgh")
    texts = await sent(gateway, 2)
    assert "Luc" in texts[1]
    assert texts[1].endswith("Bonjour Amélie, c'est réglé.")
    await say(gateway, "merci!")
    assert len(await sent(gateway, 2)) == 2
    assert len(parts.turns) == 1
    await luc.post(f"{place}/hand-back")
    await say(gateway, "autre chose")
    assert (await sent(gateway, 4))[3] == "you said autre chose"


async def test_how_far_a_text_came_is_shown_and_who_wants_none_is_seen(desk, gateway):
    luc = await desk("luc")
    await say(gateway, "Où est-ce — « ici »?")
    await sent(gateway, 1)
    (talk,) = await gateway.rows(Conversation)
    await post(gateway, {"MessageSid": "SM1", "MessageStatus": "delivered"}, "/sms/twilio/status?letter=1")
    await luc.get(f"/desk/conversations/{talk.id}")
    assert "Texto · 1 partie (GSM-7) · reçu" in luc.text
    await say(gateway, "STOP")
    await sent(gateway, 2)
    await luc.post(f"/desk/conversations/{talk.id}/answer", text="Encore un mot", form_id="abcdefgh")
    for _ in range(20):
        await luc.get(f"/desk/conversations/{talk.id}")
        if "ne veut plus de textos" in luc.text:
            break
    assert "ne veut plus de textos" in luc.text
    assert len(await sent(gateway, 2)) == 2


async def test_earlier_conversations_of_the_number_are_at_hand(desk, gateway, clock):
    await say(gateway, "bonjour")
    await sent(gateway, 1)
    clock.pass_(hours=80)
    await say(gateway, "rebonjour")
    await sent(gateway, 2)
    first, second = sorted(await gateway.rows(Conversation), key=lambda talk: talk.created_at)
    luc = await desk("luc")
    await luc.get(f"/desk/conversations/{second.id}")
    assert "Échanges précédents par texto" in luc.text
    assert f'href="/desk/conversations/{first.id}"' in luc.text


@pytest.mark.parametrize(
    ("language", "begun", "confirmed"),
    [("fr", "Texto (commencée : API)", "La conversation continue par texto au (514) 555-0150"),
     ("en", "SMS (began on: API)", "The conversation goes on by text at (514) 555-0150")],
)  # fmt: skip
async def test_a_conversation_that_went_on_by_text_says_so_and_its_agent_answers_there(
    desk, gateway, language, begun, confirmed
):
    talk = await gateway.talk(language=language)
    await talk.say("bonjour" if language == "fr" else "hello")
    await move(talk)
    await say(gateway, "me voici au téléphone" if language == "fr" else "here I am on my phone")
    await sent(gateway, 3)
    luc = await desk("luc")
    place = f"/desk/conversations/{talk.id}"
    await luc.get(place)
    await luc.post("/desk/account/language", language=language)
    await luc.get(place)
    text = " ".join(luc.text.split())
    assert begun in text
    assert confirmed in text
    await luc.post(f"{place}/answer", text="Je regarde.", form_id="abcdefgh")
    assert (await sent(gateway, 4))[3].endswith("Je regarde.")
    await talk.say("je suis revenue")
    await luc.post(f"{place}/answer", text="Voilà, c’est fait.", form_id="bcdefghi")
    assert len(await sent(gateway, 4)) == 4, "the answer goes where the customer wrote last"
    assert (await talk.lines())[-1]["text"] == "Voilà, c’est fait."


async def test_the_desk_is_warned_before_the_days_money_is_spent(desk, gateway):
    luc = await desk("luc")
    for number in range(5):
        await luc.get("/desk/")
        assert ("les textos ont coûté" in luc.text) == (number == 4)
        await say(gateway, f"message {number}")
        await sent(gateway, number + 1)
    await luc.get("/desk/")
    assert "le plafond des textos est atteint" in luc.text


@pytest.mark.browser
async def test_it_can_be_read_on_a_narrow_page_in_the_dark(desk, gateway, window, tmp_path):
    await desk("luc")
    for text in ("bonjour", "et encore un long message qui demande une réponse"):
        await say(gateway, text, customer=AMELIE)
    await sent(gateway, 2)
    (talk,) = await gateway.rows(Conversation)
    for width, scheme in ((1280, "light"), (400, "dark")):
        page = await window("luc", width=width, scheme=scheme)
        await page.goto(f"{gateway.url}/desk/conversations/{talk.id}")
        await page.locator(".carried").first.wait_for()
        # In one step: the page may draw its lines anew at any moment.
        right = await page.evaluate(
            """() => { const line = document.querySelector(".carried"); line.scrollIntoView();
            return line.getBoundingClientRect().right; }"""
        )
        assert right <= width
        await page.screenshot(path=tmp_path / f"{width}.png")
