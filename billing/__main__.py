"""`python -m billing`: serve the billing backend at the host and port of its settings."""

from __future__ import annotations

import logging
import os
import sys

from aiohttp import web

from billing.app import create_app
from billing.settings import Settings, SettingsError


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    web.run_app(create_app(settings=settings), host=settings.host, port=settings.port, print=None)
    return 0


if __name__ == "__main__":
    sys.exit(main())
