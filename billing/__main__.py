"""`python -m billing`: serve the billing backend at the host and port of its settings."""

from __future__ import annotations

import os
import sys

from billing.app import create_app
from billing.settings import Settings, SettingsError
from monitoring import logs, traces
from monitoring.web import serve


def main() -> int:
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    lines = logs.set_up("billing")
    traces.set_up("billing")
    serve(create_app(settings=settings, jobs=True), host=settings.host, port=settings.port, lines=lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
