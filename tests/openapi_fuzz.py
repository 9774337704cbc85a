"""Asks a service all that its OpenAPI document allows, and much that it does not; in `make fuzz` five hundred times each, else a few."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
MODES = {"allowed": GenerationMode.POSITIVE, "not allowed": GenerationMode.NEGATIVE}
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "5"))  # for each route and mode: some hundred requests, seconds
SETTINGS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,  # the same requests at every run
    suppress_health_check=list(HealthCheck),
)


def ask_all(
    document: dict[str, Any],
    address: str,
    headers_of: Mapping[str | None, Mapping[str, str]],
    mode: str,
    places: Mapping[str, str] | None = None,
) -> int:
    """Asks each route, with the token that its scope needs. How many were asked; raises where an answer is not right.

    `places`: what stands in the path's places in every second request, so that it leads somewhere.
    """
    found = [one.ok() for one in schemathesis.openapi.from_dict(document).get_all_operations()]
    for operation in found:
        _ask(operation, address, headers_of, MODES[mode], places or {})
    return len(found)


def _ask(operation: Any, address: str, headers_of: Any, mode: GenerationMode, places: Mapping[str, str]) -> None:
    (scope,) = [name for one in operation.definition.raw.get("security", []) for name in one] or [None]
    asked = 0

    @SETTINGS
    @given(case=operation.as_strategy(generation_mode=mode))
    def one_route(case: Any) -> None:
        nonlocal asked
        asked += 1
        if asked % 2 and case.path_parameters:
            case.path_parameters.update({name: places[name] for name in case.path_parameters if name in places})
        response = case.call(base_url=address, headers=headers_of[scope])
        case.validate_response(response, checks=CHECKS, headers=headers_of[scope])

    with suppress(Unsatisfiable):  # a route that takes nothing cannot be asked wrongly
        one_route()
