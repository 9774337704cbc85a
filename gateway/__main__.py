"""`python -m gateway`: serves until it is told to stop."""

import logging

from aiohttp import web

from gateway.app import create_app
from gateway.settings import read_settings

CLOSING_S = 0.5  # for connections, once the turns have had their time (`gateway/app.py`)


def main() -> None:
    """Reads the settings and serves."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings()
    web.run_app(
        create_app(settings=settings),
        host=settings.host,
        port=settings.port,
        access_log=None,
        print=None,
        shutdown_timeout=CLOSING_S,
    )


if __name__ == "__main__":
    main()
