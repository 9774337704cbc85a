"""The profile of a turn: what each step takes, from the traces that the program itself sends (`TRACES_URL`) to a collector here."""

from __future__ import annotations

import statistics
from collections import defaultdict
from typing import Any

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

Step = dict[str, Any]


class Collector:
    """Takes spans by OTLP over HTTP on loopback. A span: its name, process, trace, parent and seconds."""

    def __init__(self) -> None:
        self.spans: list[dict[str, Any]] = []
        self.url = ""
        app = web.Application(client_max_size=64 << 20)
        app.router.add_post("/v1/traces", self._take)
        self._runner = web.AppRunner(app)

    async def start(self) -> None:
        """Listens on a free port."""
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1/traces"

    async def stop(self) -> None:
        """Listens no more."""
        await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.Response:
        sent = ExportTraceServiceRequest.FromString(await request.read())
        for resource in sent.resource_spans:
            process = next(
                (one.value.string_value for one in resource.resource.attributes if one.key == "service.name"), ""
            ).removeprefix("support-assistant-")
            for scope in resource.scope_spans:
                self.spans += [
                    {
                        "name": span.name,
                        "process": process,
                        "trace": span.trace_id,
                        "id": span.span_id,
                        "parent": span.parent_span_id,
                        "seconds": (span.end_time_unix_nano - span.start_time_unix_nano) / 1e9,
                    }
                    for span in scope.spans
                ]
        return web.Response(
            body=ExportTraceServiceResponse().SerializeToString(), content_type="application/x-protobuf"
        )


def steps(spans: list[dict[str, Any]]) -> list[Step]:
    """A row for each process and step of the turns: its median milliseconds, what of them no step within it took, how often a turn has it.

    Only requests that reached the assistant are turns.
    """
    turns = {span["trace"] for span in spans if span["name"] == "turn"}
    inside: dict[bytes, float] = defaultdict(float)
    for span in spans:
        inside[span["parent"]] += span["seconds"]
    found: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    for span in spans:
        if span["trace"] in turns:
            own = max(0.0, span["seconds"] - inside[span["id"]])
            found[span["process"], span["name"]].append((span["seconds"], own))
    rows = [
        {
            "process": process,
            "name": name,
            "a_turn": len(times) / len(turns),
            "ms": 1000 * statistics.median(whole for whole, _ in times),
            "own_ms": 1000 * statistics.median(own for _, own in times),
        }
        for (process, name), times in found.items()
    ]
    return sorted(rows, key=lambda row: -row["own_ms"] * row["a_turn"])
