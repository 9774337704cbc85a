"""Where a message comes in: taken on, or refused with the truth and the seconds to wait, in the conversation's language."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from gateway.admission import Admission, Busy
from gateway.web import LATER_S, UNAVAILABLE, Problem

log = logging.getLogger(__name__)

STORE_S = 5.0  # a database that does not answer is away: the customer is told, instead of waiting


@asynccontextmanager
async def taken_on(admission: Admission, language: str | None, conversation: str | None = None) -> AsyncIterator[None]:
    """Around what stores a message, or a new conversation. Raises Problem: too much at once, or a database that is away."""
    try:
        with admission.receiving(conversation):
            async with asyncio.timeout(STORE_S):
                yield
    except Busy as busy:
        raise Problem("flood" if busy.flood else "busy", 429, language, retry_after=busy.retry_after) from busy
    except UNAVAILABLE as error:
        log.warning("nothing can be stored: %s", type(error).__name__)
        raise Problem("unavailable", 503, language, retry_after=LATER_S) from error
