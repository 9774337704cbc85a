"""A turn as Rasa's processor does it, without the work that a turn does not need (docs/performance.md has what each piece took).

Everything here goes through what Rasa offers to be derived from: its processor, its action of an action server. Rules, policies, events
and the order of a turn are Rasa's.
"""

from __future__ import annotations

import json
import logging
from typing import Any, Dict, List, Optional, Tuple

import aiohttp
from rasa.core.actions.action import Action, ActionExecutionRejection, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels.channel import OutputChannel
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.runner.interface import GraphRunner
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event, SlotSet, UserUttered, deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.recent_states import RecentStates
from monitoring import traces

log = logging.getLogger(__name__)

IDLE_S = 15  # a connection unused for so long is closed from here: action servers wait longer, so none is closed under a call


class ActionServer:
    """The action server, over connections that are kept (Rasa opens one for each call), told which request a call belongs to."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        self._endpoint = endpoint
        self._session: Optional[aiohttp.ClientSession] = None

    async def call(self, name: str, body: Dict[str, Any]) -> Dict[str, Any]:
        """The answer of one action.

        Raises ActionExecutionRejection where the action says that it does not run now, RasaException where the server is away, failed, or
        answered what is no answer.
        """
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=IDLE_S, limit=0),
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
                headers=self._endpoint.headers,
            )
        try:
            with traces.span("action"):
                async with self._session.post(self._endpoint.url, json=body, headers=traces.carried()) as response:
                    answer = await response.read()
        except aiohttp.ClientError as error:
            raise RasaException(f"{name}: the action server does not answer: {error}") from error
        if response.status == 400:
            refusal = json.loads(answer)
            raise ActionExecutionRejection(refusal["action_name"], refusal.get("error"))
        if response.status >= 400:
            raise RasaException(f"{name}: the action server answered {response.status}")
        found = json.loads(answer)
        # Rasa proves a JSON schema of all events, and the schema itself again each time: a fifth of a turn.
        if not isinstance(found, dict) or not all(_of_objects(found.get(key, [])) for key in ("events", "responses")):
            raise RasaException(f"{name}: what the action server answered is no answer of an action")
        return found


def _of_objects(found: Any) -> bool:
    return isinstance(found, list) and all(isinstance(one, dict) for one in found)


class CustomAction(RemoteAction):
    """An action of the action server, told of this turn only: that is all that ours read, and a conversation grows."""

    def __init__(self, name: str, server: ActionServer) -> None:
        super().__init__(name, None)
        self._server = server

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> Dict[str, Any]:
        state = tracker.current_state(EventVerbosity.NONE)
        state["events"] = [event.as_dict() for event in events_of_turn(tracker)]
        return {"next_action": self._name, "sender_id": tracker.sender_id, "tracker": state}

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> List[Event]:
        answer = await self._server.call(self._name, self._action_call_format(tracker, domain))
        said: List[Event] = list(await self._utter_responses(answer.get("responses", []), output_channel, nlg, tracker))
        return said + deserialise_events(answer.get("events", []))


class Form(FormAction):
    """A form whose answers the action server checks, over the same connections."""

    def __init__(self, form: FormAction, server: ActionServer) -> None:
        self.__dict__.update(form.__dict__)
        self._check = CustomAction(f"validate_{form.name()}", server)

    async def validate_slots(
        self,
        slot_candidates: Dict[str, Any],
        tracker: DialogueStateTracker,
        domain: Domain,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
    ) -> List[Event]:
        if self._check.name() not in domain.action_names_or_texts:
            return []
        found: List[Event] = [SlotSet(name, value) for name, value in slot_candidates.items()]
        return await self._check.run(output_channel, nlg, self._temporary_tracker(tracker, found, domain), domain)


def events_of_turn(tracker: DialogueStateTracker) -> List[Event]:
    """The latest message of the customer and what came after it."""
    found: List[Event] = []
    for event in reversed(tracker.events):
        found.append(event)
        if isinstance(event, UserUttered):
            break
    return found[::-1]


class InOrder(GraphRunner):
    """The graph of a loaded model, part after part: dask plans it anew for each message, for threads that it does not use."""

    def __init__(self, loaded: DaskGraphRunner) -> None:
        self._instantiated_nodes = loaded._instantiated_nodes
        self._schema = loaded._graph_schema
        self._plans: Dict[Tuple[str, ...], List[Tuple[str, List[str]]]] = {}

    @classmethod
    def create(cls, *_: Any, **__: Any) -> "InOrder":
        raise NotImplementedError("it takes the place of a graph that was loaded")

    def run(self, inputs: Optional[Dict[str, Any]] = None, targets: Optional[List[str]] = None) -> Dict[str, Any]:
        given = {name: (name, value) for name, value in (inputs or {}).items()}
        wanted = tuple(targets or self._schema.target_names)
        if wanted not in self._plans:
            self._plans[wanted] = self._plan(wanted)
        done: Dict[str, Any] = given
        for name, needs in self._plans[wanted]:
            done[name] = self._instantiated_nodes[name](*(done.get(need, need) for need in needs))
        return {name: done[name][1] for name in wanted}

    def _plan(self, wanted: Tuple[str, ...]) -> List[Tuple[str, List[str]]]:
        """The parts that the wanted ones need, each after those that it needs itself."""
        nodes = self._schema.minimal_graph_schema(list(wanted)).nodes
        order: List[str] = []

        def visit(name: str) -> None:
            if name in nodes and name not in order:
                for need in nodes[name].needs.values():
                    visit(need)
                order.append(name)

        for name in wanted:
            visit(name)
        return [(name, list(nodes[name].needs.values())) for name in order]


class TurnProcessor(MessageProcessor):
    """Rasa's processor, on the model that the given one has loaded."""

    def __init__(self, loaded: MessageProcessor) -> None:  # Rasa's own would load the model a second time
        self.__dict__.update(loaded.__dict__)
        for node in self.graph_runner._instantiated_nodes.values():
            if isinstance(node._component, RulePolicy):
                node._component._prediction_states = RecentStates(node._component)
        self.graph_runner = InOrder(self.graph_runner)
        self._action_server = ActionServer(self.action_endpoint)
        self._custom = {
            name: CustomAction(name, self._action_server)
            for name in self.domain.user_actions
            if name not in self.domain.responses
        }

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> Tuple[Action, PolicyPrediction]:
        action, prediction = super().predict_next_with_tracker_if_should(tracker)
        if type(action) is FormAction:
            return Form(action, self._action_server), prediction
        return self._custom.get(action.name(), action), prediction

    def _predict_next_with_tracker(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        with traces.span("policies"):
            return super()._predict_next_with_tracker(tracker)

    def _parse_message_with_graph(self, *given: Any, **named: Any) -> Dict[str, Any]:
        with traces.span("understanding"):
            return dict(super()._parse_message_with_graph(*given, **named))

    async def save_tracker(self, tracker: DialogueStateTracker) -> None:
        with traces.span("remember"):
            await super().save_tracker(tracker)

    def _check_for_unseen_features(self, parse_data: Dict[str, Any]) -> None:
        """Nothing: that intents and entities stand in the domain is tested, and Rasa compares whole domains to ask it."""

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        if prediction.events and not isinstance(action, CustomAction):
            return bool(await super()._run_action(action, tracker, output_channel, nlg, prediction))
        # Rasa copies the whole conversation to show the policy's own events to the action: ours do not read them.
        try:
            events = await action.run(output_channel, nlg, tracker, self.domain) or []
        except ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
            return bool(self.should_predict_another_action(action.name()))
        except (
            Exception
        ):  # as Rasa: the turn goes on without the action's events, and the gateway sees that nothing was said
            log.exception("the action %s failed", action.name())
            events = []
        tracker.update_with_events(prediction.events, self.domain)
        tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)
        await self.execute_side_effects(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))
