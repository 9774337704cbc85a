"""`python -m actions`: serves until it is told to stop."""

from actions.app import create_app
from actions.settings import read_settings
from monitoring import logs, traces
from monitoring.web import serve


def main() -> None:
    """Reads the settings and serves."""
    lines = logs.set_up("actions")
    settings = read_settings()
    traces.set_up("actions")
    serve(create_app(settings=settings), host=settings.host, port=settings.port, lines=lines)


if __name__ == "__main__":
    main()
