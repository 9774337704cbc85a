"""A customer's page, played by the client that existing widgets' protocol is made for."""

import asyncio

import socketio


class Page:
    """A customer's page: one socket, and what it heard."""

    def __init__(self):
        self.client = socketio.AsyncClient(reconnection=False)
        self.confirmed, self.heard, self.own = [], [], []
        self.client.on("session_confirm", lambda data: self.confirmed.append(data))
        self.client.on("bot_uttered", lambda data: self.heard.append(data))
        self.client.on("user_line", lambda data: self.own.append(data))

    async def open(self, url, **headers):
        await self.client.connect(url, transports=["websocket"], headers=headers)

    async def session(self, **data):
        return await self.client.call("session_request", data, timeout=60)

    async def say(self, text, **data):
        return await self.client.call("user_uttered", {"message": text, **data}, timeout=60)

    async def wait_for(self, count):
        """The texts heard, once there are `count`. A machine with much else to do takes its time; that is not what tests are about."""
        async with asyncio.timeout(60):
            while len(self.heard) < count:
                await asyncio.sleep(0.02)
        return [line["text"] for line in self.heard]
