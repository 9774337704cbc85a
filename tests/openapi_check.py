"""Compares answers with an OpenAPI document: the part of JSON Schema that the documents of this project use."""

import re


def follow(document, node):
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


TYPES = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, str),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}


def check(document, schema, value, place="answer"):
    """The part of JSON Schema that the document uses."""
    schema = follow(document, schema)
    if "const" in schema:
        assert value == schema["const"], place
    if "enum" in schema:
        assert value in schema["enum"], place
    if "type" in schema:
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(TYPES[name](value) for name in types), f"{place}: {value!r} is no {types}"
    if "anyOf" in schema:
        assert any(fits(document, choice, value) for choice in schema["anyOf"]), place
    if "pattern" in schema:
        assert re.search(schema["pattern"], value), place
    if isinstance(value, list):
        for position, item in enumerate(value):
            check(document, schema["items"], item, f"{place}[{position}]")
    if isinstance(value, dict) and "properties" in schema:
        assert set(schema.get("required", ())) <= set(value), place
        if schema.get("additionalProperties", True) is False:
            assert set(value) <= set(schema["properties"]), place
        for name, part in value.items():
            check(document, schema["properties"].get(name, {}), part, f"{place}.{name}")


def fits(document, schema, value):
    try:
        check(document, schema, value)
    except AssertionError:
        return False
    return True


async def check_response(document, method, path, response):
    described = follow(document, document["paths"][path][method]["responses"][str(response.status)])
    assert response.content_type in described["content"]
    schema = described["content"][response.content_type]["schema"]
    is_json = response.content_type.endswith("json")
    check(document, schema, await response.json() if is_json else await response.text())
