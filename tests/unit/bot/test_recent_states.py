"""The last states of a conversation are those that Rasa itself makes of it, whatever happened in it, in Rasa's own environment."""

import pytest

from tests.unit.bot.in_rasa import printed

pytestmark = pytest.mark.timeout(400)
PROGRAM = """
import copy, json, random
from pathlib import Path
from types import SimpleNamespace
from bot.tensorflow_free import spare_tensorflow
spare_tensorflow(Path("config.yml"))
from rasa.core.featurizers.tracker_featurizers import MaxHistoryTrackerFeaturizer
from rasa.core.policies.policy import Policy, SupportedData
from rasa.core.policies.rule_policy import RULES
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted, ActionReverted, ActiveLoop, BotUttered, Restarted, SlotSet, UserUttered, UserUtteranceReverted,
)
from rasa.shared.core.trackers import DialogueStateTracker
from bot.recent_states import RecentStates

LONGEST = 4
domain = Domain.load("domain")
actions, intents = list(domain.action_names_or_texts), sorted(domain.intents)
slots = [slot.name for slot in domain.slots if slot.type_name == "text"]
policy = SimpleNamespace(
    lookup={RULES: {json.dumps([{}] * LONGEST): "action_listen"}},
    featurizer=MaxHistoryTrackerFeaturizer(None),
)
rng = random.Random(20261130)

def something():
    return rng.choices(
        [
            lambda: UserUttered("dit", {"name": rng.choice(intents)}, [{"entity": "x", "value": "y"}]),
            lambda: ActionExecuted("action_listen"),
            lambda: ActionExecuted(rng.choice(actions)),
            lambda: BotUttered("said"),
            lambda: SlotSet(rng.choice(slots), rng.choice([None, "a", "b"])),
            lambda: ActiveLoop(rng.choice(["details_form", None])),
            lambda: Restarted(),
            lambda: UserUtteranceReverted(),
            lambda: ActionReverted(),
        ],
        [8, 8, 8, 6, 6, 3, 0.5, 0.7, 0.7],
    )[0]()

compared, differ, replayed = 0, [], 0
for number in range(60):
    recent = RecentStates(policy)
    tracker = DialogueStateTracker(f"c{number}", domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    for step in range(40):
        tracker.update(something())
        if rng.random() < 0.1:
            tracker = tracker.copy()
        for by_text in (True, False):
            ours = recent(tracker, domain, by_text)
            theirs = policy.featurizer.prediction_states([tracker], domain, use_text_for_last_user_input=by_text)[0]
            compared += 1
            replayed += len(theirs) > LONGEST
            if ours != theirs[-LONGEST:]:
                differ.append([number, step, by_text])
print(json.dumps({"compared": compared, "differ": differ, "longer": replayed}))
"""


def test_they_are_rasas_own() -> None:
    seen = printed(PROGRAM)
    assert seen["compared"] == 4800
    assert seen["longer"] > 1000  # conversations of more states than the longest rule has
    assert seen["differ"] == []
