"""Rasa's memory of each conversation: bounded, cached, one row a conversation.

The stock SQL store writes a row for each event and looks its class up again for each event that it reads, a quarter of a turn, and
grows without end. Here a conversation is one row; the trackers of the conversations in use stay in memory; and what is older
than the last turns is folded into the slots and the form that came of it. The transcript of record is the gateway's, not this.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import OrderedDict
from typing import Any, Dict, Iterable, List, Optional

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

log = logging.getLogger(__name__)

WAITS_S = (0.1, 0.4, 1.0)  # between tries to save: a turn has 7 s in all, and what it did must not be forgotten
SERVER_S = 2  # to connect to a server; Rasa's loop stands still meanwhile
LIMIT = 120  # events of a conversation at which older ones are folded
KEEP = 60
CACHED = 2000  # conversations kept in memory, about 40 kB each at the most

metadata = sa.MetaData()
table = sa.Table(
    "tracker",
    metadata,
    sa.Column("conversation", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
)


class Overtaken(Exception):
    """Another assistant has written the conversation since this turn began."""


class BoundedTrackerStore(TrackerStore, SerializedTrackerAsText):
    """One row a conversation in `url`; a version number tells when another assistant has written it since."""

    def __init__(self, domain: Optional[Domain], event_broker: Optional[EventBroker] = None, **kwargs: Any) -> None:
        super().__init__(domain, event_broker)
        url = kwargs.get("db_url") or "sqlite:///var/assistant.sqlite"
        server = {"connect_args": {"connect_timeout": SERVER_S}, "pool_pre_ping": True}
        # SQLAlchemy opens and closes a SQLite file for each use, an eighth of a turn: here the thread keeps it.
        file = {"poolclass": sa.pool.SingletonThreadPool}
        self._engine = sa.create_engine(url, future=True, **(server if sa.engine.make_url(url).host else file))
        if self._engine.dialect.name == "sqlite":
            sa.event.listen(self._engine, "connect", _sqlite_settings)
        try:
            metadata.create_all(self._engine)
        except (sa.exc.IntegrityError, sa.exc.ProgrammingError):  # another assistant starts at the same moment
            metadata.create_all(self._engine)
        self._cache: "OrderedDict[str, tuple[int, DialogueStateTracker]]" = OrderedDict()

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Writes the conversation; the older part of a long one is folded first.

        Raises Overtaken, and what the database raises where it is away for longer than a moment.
        """
        await self.stream_events(tracker)
        tracker = self._bounded(tracker)
        body = self.serialise_tracker(tracker)
        version = self._cache.get(tracker.sender_id, (0, None))[0]
        for wait in (*WAITS_S, None):
            try:
                self._write(tracker.sender_id, version, body)
                break
            except sa.exc.OperationalError:
                if wait is None:
                    raise
                await asyncio.sleep(wait)
        self._cache[tracker.sender_id] = (version + 1, tracker)
        self._cache.move_to_end(tracker.sender_id)
        while len(self._cache) > CACHED:
            self._cache.popitem(last=False)

    def _write(self, sender_id: str, version: int, body: str) -> None:
        row = {"conversation": sender_id, "version": version + 1, "body": body}
        try:
            with self._engine.begin() as connection:
                if not version:
                    connection.execute(table.insert().values(**row))
                    return
                mine = (table.c.conversation == sender_id) & (table.c.version == version)
                if connection.execute(table.update().where(mine).values(**row)).rowcount:
                    return
        except sa.exc.IntegrityError as error:
            raise Overtaken(sender_id) from error
        raise Overtaken(sender_id)

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation, from memory where no other process has written it since."""
        with self._engine.connect() as connection:
            version = connection.execute(sa.select(table.c.version).where(table.c.conversation == sender_id)).scalar()
            if version is None:
                return None
            known = self._cache.get(sender_id)
            if known and known[0] == version:
                return known[1]
            body = connection.execute(sa.select(table.c.body).where(table.c.conversation == sender_id)).scalar_one()
        tracker = self._read(sender_id, json.loads(body)["events"])
        self._cache[sender_id] = (version, tracker)
        return tracker

    def kept(self, sender_id: str) -> Optional[DialogueStateTracker]:
        """The conversation as it was saved last by this process, without a look at the database."""
        return self._cache[sender_id][1] if sender_id in self._cache else None

    async def retrieve_full_tracker(self, conversation_id: str) -> Optional[DialogueStateTracker]:
        """The same as `retrieve`: a conversation has one session here."""
        return await self.retrieve(conversation_id)

    async def keys(self) -> Iterable[str]:
        """The ids of all conversations."""
        with self._engine.connect() as connection:
            return list(connection.execute(sa.select(table.c.conversation)).scalars())

    def answers(self) -> bool:
        """Whether the database answers."""
        try:
            with self._engine.connect() as connection:
                return bool(connection.execute(sa.select(sa.literal(1))).scalar())
        except sa.exc.SQLAlchemyError:
            return False

    def forget(self, sender_id: str) -> None:
        """Drops the conversation from memory: after a turn that broke, what is on disk is the truth."""
        self._cache.pop(sender_id, None)

    def erase(self, conversations: List[str]) -> int:
        """Removes conversations for good, from memory and from the database; how many rows there were."""
        for conversation in conversations:
            self.forget(conversation)
        with self._engine.begin() as connection:
            gone = connection.execute(table.delete().where(table.c.conversation.in_(conversations))).rowcount
        if self._engine.dialect.name == "sqlite":
            with self._engine.connect() as connection:  # the write-ahead log still holds what was overwritten
                connection.execute(sa.text("PRAGMA wal_checkpoint(TRUNCATE)"))
        return int(gone)

    def _read(self, sender_id: str, events: List[Dict[str, Any]]) -> DialogueStateTracker:
        return self._replay(sender_id, [Event.from_parameters(event) for event in events])

    def _replay(self, sender_id: str, events: List[Any]) -> DialogueStateTracker:
        tracker = DialogueStateTracker(sender_id, self.domain.slots, max_event_history=None)
        tracker.update_with_events([event for event in events if event], self.domain)
        return tracker

    def _bounded(self, tracker: DialogueStateTracker) -> DialogueStateTracker:
        events = list(tracker.events)
        if len(events) <= LIMIT:
            return tracker
        # Cut only before a turn of the user: a form or a rule cut in two would predict something else.
        turns = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
        cut = next((index for index in turns if index >= len(events) - KEEP), None)
        if cut is None:
            return tracker
        before = self._replay(tracker.sender_id, events[:cut])
        folded: List[Any] = [
            SlotSet(name, value) for name, value in before.current_slot_values().items() if value is not None
        ]
        if before.active_loop_name:
            folded.append(ActiveLoop(before.active_loop_name))
        folded.append(ActionExecuted(ACTION_LISTEN_NAME))
        return self._replay(tracker.sender_id, folded + events[cut:])


def _sqlite_settings(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=3000")
    connection.execute("PRAGMA secure_delete=ON")  # what is erased is overwritten
