"""The channel's question about texts without a conversation, in Rasa's own environment: one process imports Rasa once."""

import pytest

from tests.unit.bot.in_rasa import BOT, printed

pytestmark = pytest.mark.timeout(400)
PROGRAM = """
import asyncio, json
from types import SimpleNamespace
from bot.channel import GatewayInput
from bot.understanding import Understanding

class Known(Understanding):
    def __init__(self):
        self.asked = []
    def rank(self, brand, text):
        self.asked.append(text)
        if brand != "wrs":
            raise KeyError(brand)
        return [("do/pay_bill", 0.9), ("wrs/late-payment", 0.05)] if "pay" in text else [("do/out_of_scope", 0.2), ("do/greet", 0.1)]

def agent(*components):
    nodes = {str(n): SimpleNamespace(_component=one) for n, one in enumerate(components)}
    return SimpleNamespace(processor=SimpleNamespace(graph_runner=SimpleNamespace(_instantiated_nodes=nodes)))

async def never(message):
    raise AssertionError("a turn was taken")

routes = GatewayInput("secret").blueprint(never)
[handler] = [route.handler for route in routes._future_routes if route.uri == "/understand"]

def ask(body, secret="secret", who=None):
    request = SimpleNamespace(
        headers={"authorization": f"Bearer {secret}"}, json=body, app=SimpleNamespace(ctx=SimpleNamespace(agent=who))
    )
    answer = asyncio.run(handler(request))
    return [answer.status, json.loads(answer.body)]

known = Known()
found = {
    "good": ask({"text": ["can I pay", "/restart"], "brand": "wrs"}, who=agent(object(), known)),
    "asked": list(known.asked),
    "long": [ask({"text": ["pay " * 5000] * 40, "brand": "wrs"}, who=agent(known))[0], len(known.asked), max(map(len, known.asked))],
    "wrong secret": ask({"text": ["pay"], "brand": "wrs"}, secret="x", who=agent(known)),
    "unknown brand": ask({"text": ["pay"], "brand": "nobody"}, who=agent(known)),
    "no model": ask({"text": ["pay"], "brand": "wrs"}, who=agent(object())),
    "no processor": ask({"text": ["pay"], "brand": "wrs"}, who=SimpleNamespace(processor=None)),
}
print(json.dumps(found))
"""


@pytest.fixture(scope="module")
def found():
    if not BOT.exists():
        pytest.skip("Rasa's environment is not set up")
    return printed(PROGRAM)


def test_each_text_gets_its_verdict_and_candidates(found):
    status, body = found["good"]
    assert status == 200
    first, second = body["texts"]
    assert first == {
        "outcome": "do/pay_bill",
        "confidence": 0.9,
        "unsure": False,
        "candidates": [{"id": "do/pay_bill", "confidence": 0.9}, {"id": "wrs/late-payment", "confidence": 0.05}],
    }
    assert second["outcome"] == "do/out_of_scope"


def test_a_text_cannot_force_an_intent(found):
    assert found["asked"] == ["can I pay", "restart"]


def test_what_is_too_much_is_cut(found):
    status, asked, longest = found["long"]
    assert (status, asked, longest) == (200, 2 + 16, 2000 - 1)


def test_it_refuses_without_the_secret_a_model_or_a_known_brand(found):
    assert found["wrong secret"] == [401, {"error": "unauthorized"}]
    assert found["unknown brand"] == [404, {"error": "unknown_brand"}]
    assert found["no model"] == found["no processor"] == [503, {"error": "no_model"}]
