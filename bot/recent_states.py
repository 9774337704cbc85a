"""What the rules look at of a conversation: its last states, worked out once each.

Rasa's rule policy makes the states of the whole conversation anew for each prediction, three times a turn, and copies all of them for its
log. A rule compares from the end, no further than it is long: the last states of the longest rule's length give the same prediction.
"""

from __future__ import annotations

import copy
import json
from collections import deque
from typing import Any, Deque, Dict, List, Optional

from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

KEPT = "_recent_states"  # under which a tracker carries them: they end with it


class RecentStates:
    """Takes the place of the policy's own `_prediction_states`."""

    def __init__(self, policy: RulePolicy) -> None:
        rules = [key for lookup in (RULES, RULES_FOR_LOOP_UNHAPPY_PATH) for key in policy.lookup.get(lookup, {})]
        self._longest = max((len(json.loads(key)) for key in rules), default=1)
        self._featurizer = policy.featurizer

    def __call__(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        rule_only_data: Optional[Dict[str, Any]] = None,
    ) -> List[State]:
        """The last states as the policy compares them with its rules, oldest first."""
        events = tracker.applied_events()
        seen: Optional[_Seen] = tracker.__dict__.get(KEPT)
        if seen is None or not seen.begins(events):
            seen = tracker.__dict__[KEPT] = _Seen(tracker, self._longest)
        seen.go_on(events, domain)
        past = _Past(seen.states(domain))
        found: List[List[State]] = self._featurizer.prediction_states(
            [past], domain, use_text_for_last_user_input=use_text_for_last_user_input, rule_only_data=rule_only_data
        )
        return found[0]


class _Seen:
    """A conversation replayed so far, as Rasa replays it: the state before each action is kept, the last ones only."""

    def __init__(self, tracker: DialogueStateTracker, longest: int) -> None:
        self._replayed = tracker.init_copy()
        self._states: Deque[State] = deque(maxlen=max(longest - 1, 1))
        self._count = 0
        self._last: Optional[Event] = None

    def begins(self, events: List[Event]) -> bool:
        """Whether the conversation still begins with what was replayed: a restart or a reverted event takes some of it away."""
        return len(events) >= self._count and (not self._count or events[self._count - 1] is self._last)

    def go_on(self, events: List[Event], domain: Domain) -> None:
        """Replays what was added."""
        for event in events[self._count :]:
            if isinstance(event, ActionExecuted):
                self._states.append(_state(self._replayed, domain))
            self._replayed.update(event)
            self._last = event
        self._count = len(events)

    def states(self, domain: Domain) -> List[State]:
        """Copies, as the policy takes the user's text or intent out of them."""
        return copy.deepcopy([*self._states, _state(self._replayed, domain)])


class _Past:
    """What the featurizer asks of a tracker."""

    def __init__(self, states: List[State]) -> None:
        self._states = states

    def past_states(self, domain: Domain, **_: Any) -> List[State]:
        """The states, whatever they are asked for: a rule policy hides none."""
        return self._states


def _state(tracker: DialogueStateTracker, domain: Domain) -> State:
    return domain._clean_state(domain.get_active_state(tracker))
