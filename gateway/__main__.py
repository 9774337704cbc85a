"""`python -m gateway`: serves until it is told to stop."""

from gateway.app import create_app
from gateway.settings import read_settings
from monitoring import logs, traces
from monitoring.web import serve

CLOSING_S = 0.5  # for connections, once the turns have had their time (`gateway/app.py`)


def main() -> None:
    """Reads the settings and serves."""
    lines = logs.set_up("gateway")
    settings = read_settings()
    traces.set_up("gateway")
    serve(
        create_app(settings=settings), host=settings.host, port=settings.port, lines=lines, shutdown_timeout=CLOSING_S
    )


if __name__ == "__main__":
    main()
