"""The customer's verdict, over the public API and the socket: what is kept, what is masked, what is refused."""

import pytest

from desk.models import FeedEvent
from gateway.models import Conversation, Feedback
from tests.integration.gateway.parts import said

CARD = "4111 1111 1111 1111"


@pytest.fixture(params=["api", "web"])
async def customer(request, gateway, page):
    """A customer who got an answer, on either channel: `rate` and `feedback` give None or the name of what is wrong."""
    if request.param == "api":
        talk = await gateway.talk(language="fr")
        return OverHttp(talk, (await talk.say("bonjour"))["replies"][0]["id"])
    amelie = await page()
    await amelie.session(brand="primus", language="fr")
    await amelie.say("bonjour")
    await amelie.wait_for(1)
    return OverSocket(amelie, amelie.heard[0]["id"])


class OverHttp:
    def __init__(self, talk, reply):
        self.talk, self.reply = talk, reply
        self.gateway = talk.gateway

    async def post(self, path, body):
        headers = {"Authorization": f"Bearer {self.talk.token}"}
        url = f"{self.gateway.url}/api/v1/conversations/{self.talk.id}/{path}"
        async with self.gateway.http.post(url, json=body, headers=headers) as response:
            return None if response.status == 204 else (await response.json())["type"].removeprefix("/problems/")

    async def rate(self, **body):
        return await self.post("rating", body)

    async def feedback(self, reply, **body):
        return await self.post(f"messages/{reply}/feedback", body)

    async def said(self):
        return await self.talk.lines()


class OverSocket:
    def __init__(self, page, reply):
        self.page, self.reply = page, reply

    async def call(self, event, body):
        answer = await self.page.client.call(event, body, timeout=5)
        assert answer == {"ok": True} or answer["detail"]
        return answer.get("error")

    async def rate(self, **body):
        return await self.call("rate", body)

    async def feedback(self, reply, **body):
        return await self.call("feedback", {"reply_id": reply, **body})

    async def said(self):
        return (await self.page.session(session_id=self.page.confirmed[0]))["lines"]


async def test_the_latest_rating_counts_and_its_comment_is_masked(customer, gateway, clock):
    assert await customer.rate(score=2, comment="long") is None
    clock.pass_(minutes=5)
    assert (
        await customer.rate(score=5, comment=f"Ma carte {CARD} est refusée au guichet. Mon NIP est 1234, merci") is None
    )
    (talk,) = await gateway.rows(Conversation)
    assert (talk.rating, talk.rated_at) == (5, clock.now)
    assert talk.rating_text == "Ma carte •••• 1111 est refusée au guichet. Mon NIP est [••••], merci"
    assert await customer.rate(score=4) is None
    (talk,) = await gateway.rows(Conversation)
    assert (talk.rating, talk.rating_text) == (4, None), "the comment belonged to the rating before"


@pytest.mark.parametrize("score", [0, 6, -1, 3.5, "5", True, None])
async def test_a_rating_is_a_whole_number_from_1_to_5(customer, gateway, score):
    assert await customer.rate(score=score, comment=None) == "bad_score"
    assert [talk.rating for talk in await gateway.rows(Conversation)] == [None]


@pytest.mark.parametrize(
    ("comment", "problem"), [("x" * 2001, "long_message"), ("\0", "binary_message"), (5, "empty_message")]
)
async def test_a_comment_is_a_text_of_some_length(customer, gateway, comment, problem):
    assert await customer.rate(score=5, comment=comment) == problem
    assert [talk.rating for talk in await gateway.rows(Conversation)] == [None]


async def test_whether_an_article_helped_is_kept_with_the_article_and_the_latest_counts(customer, gateway, parts):
    assert await customer.feedback(customer.reply, helpful=True) is None
    assert await customer.feedback(customer.reply, helpful=True) is None
    (row,) = await gateway.rows(Feedback)
    assert (str(row.reply), row.helpful) == (customer.reply, True)
    assert len(await customer.said()) == 2, "a yes is not answered"
    assert await customer.feedback(customer.reply, helpful=False) is None
    assert [row.helpful for row in await gateway.rows(Feedback)] == [False]


async def test_after_a_no_a_person_or_a_request_is_offered_once(customer):
    for helpful in (False, False, True, False):
        assert await customer.feedback(customer.reply, helpful=helpful) is None
    *_, offer = lines = await customer.said()
    assert len(lines) == 3
    assert (offer["author"], offer["language"]) == ("assistant", "fr")
    assert offer["text"].startswith("Merci de me le dire")
    assert [button["reply"] for button in offer["buttons"]] == [
        "Je veux parler à une personne",
        "Je veux ouvrir une demande de soutien",
    ]


async def test_only_a_reply_of_the_assistant_in_this_conversation_can_be_judged(customer, gateway):
    other = await gateway.talk()
    elsewhere = (await other.say("bonjour"))["replies"][0]["id"]
    own = str(int(customer.reply) - 1)  # the customer's own line
    for reply in (elsewhere, own, "0", "-1", "9" * 30, "x", "²"):
        assert await customer.feedback(reply, helpful=False) == "unknown_reply", reply
    for helpful in (None, "no", 0, 1):
        assert await customer.feedback(customer.reply, helpful=helpful) == "bad_helpful"
    assert await gateway.rows(Feedback) == []


async def test_the_desk_hears_of_each_change_once(customer, gateway):
    for _ in range(3):
        await customer.rate(score=5, comment="Merci")
        await customer.feedback(customer.reply, helpful=True)
    kinds = [event.kind for event in await gateway.rows(FeedEvent)]
    assert kinds.count("changed") == 2, "besides how the turn is sorted, which may come later"


async def test_the_offer_is_in_english_for_who_writes_english_and_only_of_what_the_brand_offers(gateway, parts):
    async def answer(turn):
        return said("The answer.")

    parts.answer = answer
    talk = await gateway.talk(language="en")
    reply = (await talk.say("how do I pay my bill"))["replies"][0]["id"]
    assert await OverHttp(talk, reply).feedback(reply, helpful=False) is None
    offer = (await talk.lines())[-1]
    assert (offer["language"], offer["buttons"][0]) == (
        "en",
        {"title": "Talk to a person", "reply": "I want to talk to a person"},
    )


async def test_nobody_judges_the_conversation_of_another(gateway):
    amelie, charlie = await gateway.talk(), await gateway.talk()
    reply = (await amelie.say("bonjour"))["replies"][0]["id"]
    amelie.token = charlie.token
    customer = OverHttp(amelie, reply)
    assert await customer.rate(score=1) == "unauthorized"
    assert await customer.feedback(reply, helpful=False) == "unauthorized"
    assert {talk.rating for talk in await gateway.rows(Conversation)} == {None}


async def test_a_page_without_a_session_judges_nothing(page):
    charlie = await page()
    for event in ("rate", "feedback"):
        assert (await charlie.client.call(event, {"score": 5}, timeout=5))["error"] == "unauthorized"
