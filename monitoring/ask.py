"""`python -m monitoring.ask ADDRESS` ends with 0 where the address answers 200 within 3 s: for probes of what listens on loopback."""

from __future__ import annotations

import http.client
import sys
from urllib.parse import urlsplit


def answers(address: str) -> bool:
    """Whether it does."""
    url = urlsplit(address)
    connection = http.client.HTTPConnection(url.netloc, timeout=3)
    try:
        connection.request("GET", url.path or "/")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(not answers(sys.argv[1]))
