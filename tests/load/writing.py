"""Customers who write while something stops, and the wait until all that they wrote is answered."""

from __future__ import annotations

import asyncio
import time

from tests.load.fleet import Fleet
from tests.load.load import rows
from tests.load.widgets import Widget


async def write(widgets: list[Widget], count: int, rate: float, name: str) -> None:
    """So many messages at an even rate, each sent until it is acknowledged; one page sends one after the other."""

    async def page(widget: Widget, numbers: range) -> None:
        for number in numbers:
            await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
            await widget.insist(f"{name} {number}", f"{name}-{number}")

    began = time.monotonic()
    await asyncio.gather(*(page(widget, range(n, count, len(widgets))) for n, widget in enumerate(widgets)))


async def settled(fleet: Fleet, seconds: float = 60) -> float:
    """Waits until no message is open; how long it took."""
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        try:
            if not rows(fleet.gateway_database, "SELECT count(*) FROM message WHERE state = 'received'")[0][0]:
                break
        except Exception:
            pass
        await asyncio.sleep(0.5)
    return time.monotonic() - began


async def catch_up(widgets: list[Widget]) -> None:
    """Each page connects again, and asks for what it missed."""
    await asyncio.sleep(2)
    for widget in widgets:
        await widget.close()
        await widget.open()
    for widget in widgets:
        await widget.close()
