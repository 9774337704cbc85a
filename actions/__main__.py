"""`python -m actions`: serves until it is told to stop."""

import logging

from aiohttp import web

from actions.app import create_app
from actions.settings import read_settings


def main() -> None:
    """Reads the settings and serves."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    settings = read_settings()
    web.run_app(create_app(settings=settings), host=settings.host, port=settings.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
