"""Figures for Prometheus: what every process has (its requests, its memory and processor), and a registry for its own."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Up to the time limits of a call (2 s), an action (4.5 s) and a turn (7 s), and what is beyond them.
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.5, 7.0, 10.0, 30.0)
LOCAL = ("127.0.0.1", "::1")


class Figures:
    """The figures of one process. `registry` takes more of them."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        self._requests = Histogram(
            "http_request_seconds",
            "How long requests took, by route and status",
            ["method", "route", "status"],
            buckets=SECONDS,
            registry=self.registry,
        )

    def request(self, method: str, route: str, status: int, seconds: float) -> None:
        """A request was answered. `route` is the route's pattern, never the path: a path may hold a token."""
        self._requests.labels(method, route, status).observe(seconds)

    def text(self) -> bytes:
        """All figures as Prometheus reads them."""
        return generate_latest(self.registry)
