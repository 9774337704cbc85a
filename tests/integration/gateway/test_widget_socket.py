"""The widget's own socket against the real one: the tests are JavaScript's (widget_socket.mjs), the server is ours."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

FILE = Path(__file__).parent / "widget_socket.mjs"


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node.js on this machine: apt-get install nodejs")
async def test_the_widgets_socket_speaks_the_servers_protocol(gateway):
    # Before Node 22 its WebSocket must be asked for; later versions take the flag too.
    command = ("node", "--no-warnings", "--experimental-websocket", "--test", str(FILE))
    env = {**os.environ, "SERVER": gateway.url}
    done = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=env)
    output, _ = await done.communicate()
    assert done.returncode == 0, output.decode()[-4000:]
