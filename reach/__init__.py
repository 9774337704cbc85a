"""Which servers a process may call: those of its settings, and no others, whatever address a request holds.

An address that came from a customer, a model or a database never leads anywhere: a call to a server that is not listed fails before
anything is looked up or sent, a redirect to one too. A library for the services; it knows nothing of the program.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable

import aiohttp
from aiohttp import ClientHandlerType, ClientRequest, ClientResponse
from yarl import URL

from monitoring import traces

log = logging.getLogger(__name__)


class NotListed(aiohttp.ClientError):
    """A server that no setting names was to be called."""


def open_session(addresses: Iterable[str], *, inside: bool = True, limit: int = 100) -> aiohttp.ClientSession:
    """A session that calls the servers of these addresses only. Close it.

    `inside`: they are our own, and are told which request a call belongs to. No proxy of the environment is used.
    """
    listed = {URL(address).origin() for address in addresses if address}

    async def only_listed(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
        origin = request.url.origin()
        if origin not in listed:
            log.error("a call to %s was stopped: no setting names it", origin)
            raise NotListed(f"{origin} is not listed")
        if inside:
            request.headers.update(traces.carried())
        return await handler(request)

    connector = aiohttp.TCPConnector(limit=limit)
    return aiohttp.ClientSession(connector=connector, trust_env=False, middlewares=(only_listed,))
