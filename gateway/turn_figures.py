"""The gateway's own figures for Prometheus: turns, refusals, messages, and what is under way at the moment that one looks."""

from __future__ import annotations

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from gateway.admission import Admission
from gateway.models import Conversation, Message
from monitoring.figures import SECONDS


class TurnFigures:
    """`turn`, `refused` and `heard` are told what happened; `show` names what is looked up when somebody asks."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._turns = Histogram(
            "turn_seconds", "How long the assistant took for a turn", ["outcome"], buckets=SECONDS, registry=registry
        )
        self._refused = Counter(
            "messages_refused", "Messages that were not taken on, by why", ["why"], registry=registry
        )
        self._lines = Counter(
            "transcript_lines", "Lines of transcripts, by channel and author", ["channel", "author"], registry=registry
        )

    def turn(self, outcome: str, seconds: float) -> None:
        """The assistant was asked: "answered", or "failed" where it gave no usable answer in time."""
        self._turns.labels(outcome).observe(seconds)

    def refused(self, why: str) -> None:
        """A message was sent back: "busy", "flood" (its conversation wrote too much) or "stopping"."""
        self._refused.labels(why).inc()

    async def heard(self, conversation: Conversation, lines: list[Message]) -> None:
        """Lines were added to a transcript."""
        for line in lines:
            self._lines.labels(conversation.channel, line.author).inc()

    def show(self, admission: Admission, pages: Callable[[], int]) -> None:
        """What is looked up when the figures are read."""
        for name, what, look in (
            ("turns_waiting", "Turns that wait for the assistant", lambda: admission.waiting),
            ("turns_at_once", "How many turns the assistant is asked at a time now", lambda: admission.places.now),
            ("pages_connected", "Pages that are connected", pages),
        ):
            Gauge(name, what, registry=self._registry).set_function(look)
