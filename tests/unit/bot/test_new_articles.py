"""What nearness to a new article's few texts weighs, found from messages; in Rasa's own environment, where numpy is."""

from tests.unit.bot.in_rasa import printed

PROGRAM = """
import json
from types import SimpleNamespace
import numpy as np
from bot.new_articles import Ranked, fit, ranked_parts

rng = np.random.default_rng(3)

def message(wants_new, near):
    # Two learned outcomes, two new ones. What is wanted stands out among its own kind; the scores of both kinds are of different size.
    learned = rng.normal(-0.6, 0.1, 2)
    nearness = rng.normal(0.3, 0.03, (2, 4))
    accepted = np.zeros(4, bool)
    if wants_new:
        nearness[1] += near
        accepted[3] = True
    else:
        learned[0] += 0.8
        accepted[0] = True
    return Ranked(learned, nearness, accepted)

def ranks_right(found, ranked):
    weights = np.array([found[f"new_{name}"] for name in ("near", "title", "phrasing", "meaning")])
    scores = np.concatenate([ranked.scores, ranked.nearness @ weights + found["new_constant"]])
    return bool(ranked.accepted[scores.argmax()])

learned_from = [message(i % 3 == 0, 0.4) for i in range(60)]
found = fit(learned_from, 0.13)
others = [message(i % 2 == 0, 0.4) for i in range(40)]
right = [ranks_right(found, one) for one in others]

# A request that the brand does not offer is as right as out of scope where a message is out of scope.
model = SimpleNamespace(
    outcomes=["do/check_balance", "do/change_plan", "do/out_of_scope"],
    parts=lambda texts: texts,
    scores=lambda parts, likeness: np.array([[0.1, 0.2, likeness]]),
    nearness=lambda texts: {"primus/new": np.array([[0.2, 0.5, 0.7, 0.1]])},
)
shelf = SimpleNamespace(brands={"primus": SimpleNamespace(requests=["check_balance", "out_of_scope"])})
wanted = (("a faster plan", "do/out_of_scope"), ("what is new", "primus/new"))
cases = [{"brand": "primus", "text": text, "expect": [outcome]} for text, outcome in wanted]
out, new = ranked_parts({"primus": model}, cases, shelf)
print(json.dumps({"right": right, "out": out.accepted.tolist(), "new": new.accepted.tolist(), "likeness": float(out.scores[2])}))
"""


def test_nearness_is_weighed_by_the_whole_ranking():
    found = printed(PROGRAM)
    assert all(found["right"])
    assert found["out"] == [False, True, True, False]
    assert found["new"] == [False, False, False, True]
    assert found["likeness"] == 0.7  # what is out of scope loses where a new article is near
