"""OpenAPI documents: read, and judged as API Gateway would when it imports them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hatchway.topology.document import Document, FileKind, parse
from hatchway.topology.loading import text_of
from hatchway.topology.problems import KeyPath, Misfit

if TYPE_CHECKING:
    from hatchway.topology.model import PrivateApi

KIND: Final = FileKind(
    name="OpenAPI",
    page="docs/how-to/choose-what-answers.md",
    keys="'openapi: 3.0.3', 'info' and 'paths'",
    options="services.SERVICE.api.openapi",
)
POLICY = "x-amazon-apigateway-policy"
ENDPOINT = "x-amazon-apigateway-endpoint-configuration"
INTEGRATION = "x-amazon-apigateway-integration"
ANY_METHOD = "x-amazon-apigateway-any-method"

# https://spec.openapis.org/oas/v3.0.3#path-item-object
_METHODS = {
    **{name: name.upper() for name in ("get", "post", "put", "patch", "delete", "head", "options")},
    ANY_METHOD: "ANY",
}
# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
_TYPES = ("aws", "aws_proxy", "http", "http_proxy", "mock")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A method of an API that a document declares."""

    method: str
    path: str
    place: KeyPath


def openapi_document(path: Path) -> dict[str, object]:
    """The values of a document.

    Raises:
        TopologyError: It cannot be read, or is not YAML or JSON.
    """
    return _read(path).values


def openapi_problems(path: Path) -> Iterator[tuple[int, Misfit]]:
    """What API Gateway would refuse in a document, or what Hatchway decides itself, each with its line.

    Raises:
        TopologyError: It cannot be read, or is not YAML or JSON.
    """
    document = _read(path)
    found = [
        *document.misfits,
        *_head(document.values),
        *_operations_fit(document.values),
        *_references(document),
    ]
    for misfit in sorted(found, key=lambda it: document.place(it.path)):
        yield document.place(misfit.path)[0], misfit


def operations(values: Mapping[str, object]) -> Iterator[Operation]:
    """The methods that a document declares."""
    for path, item in _mapping(values.get("paths")).items():
        for key in _mapping(item):
            if key in _METHODS:
                yield Operation(method=_METHODS[key], path=path, place=("paths", path, key))


def private_routes(api: "PrivateApi", directory: Path) -> tuple[Operation, ...] | None:
    """The methods of a private API; None where it exists already, and nobody says.

    Args:
        api: What the topology says of it.
        directory: Folder that the path of its document begins at.

    Raises:
        TopologyError: Its document is gone, or is no longer one.
    """
    if api.existing is not None:
        return None
    if api.openapi is not None:
        return tuple(operations(openapi_document(directory / api.openapi)))
    return tuple(
        Operation(method=route.method, path=route.path, place=("routes", index))
        for index, route in enumerate(api.declared_routes)
    )


def _read(path: Path) -> Document:
    return parse(str(path), text_of(path, KIND), KIND)


def _head(values: Mapping[str, object]) -> Iterator[Misfit]:
    version = values.get("openapi")
    if not isinstance(version, str) or not version.startswith("3.0"):
        # https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
        yield Misfit(
            path=("openapi",),
            message="is not a version of OpenAPI 3.0, which is what API Gateway imports",
            got=version,
            fix="Write openapi: 3.0.3, without what only later versions have.",
        )
    for key in ("title", "version"):
        if not isinstance(_mapping(values.get("info")).get(key), str):
            yield Misfit(path=("info", key), message="is missing, or is not text", fix="OpenAPI asks for it.")
    for key, instead in ((POLICY, "api.access, which adds to it,"), (ENDPOINT, "the service's endpoint")):
        if key in values:
            yield Misfit(
                path=(key,),
                message="is written by Hatchway, and the document brings one",
                fix=f"Remove it: {instead} says the same in the topology.",
            )
    if not _mapping(values.get("paths")):
        yield Misfit(path=("paths",), message="has no path", fix="Declare at least one method.")


def _operations_fit(values: Mapping[str, object]) -> Iterator[Misfit]:
    declared = list(operations(values))
    for operation in declared:
        _, path, key = operation.place
        item = _mapping(_mapping(values["paths"])[str(path)])
        yield from _integration_fits(operation, _mapping(item[str(key)]).get(INTEGRATION))
    for path in _mapping(values.get("paths")):
        if not path.startswith("/"):
            yield Misfit(path=("paths", path), message="does not begin with '/'", fix=f"Write '/{path}'.")
    yield from _variables_fit(values)
    if not declared and _mapping(values.get("paths")):
        yield Misfit(path=("paths",), message="has no method", fix="Declare at least one, such as get.")


def _integration_fits(operation: Operation, integration: object) -> Iterator[Misfit]:
    """A deployment of an API with a method that has no integration is refused."""
    if not isinstance(integration, dict):
        yield Misfit(
            path=operation.place,
            message=f"has no {INTEGRATION}, so API Gateway does not know what answers",
            fix=f"Add {INTEGRATION} with its type ({', '.join(_TYPES)}).",
        )
        return
    place = (*operation.place, INTEGRATION)
    kind = integration.get("type")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        message = f"is not one of {', '.join(_TYPES)}"
        yield Misfit(path=(*place, "type"), message=message, got=kind, fix="Name what answers.")
        return
    needed = () if kind.lower() == "mock" else ("uri", "httpMethod")
    for key in needed:
        if not isinstance(integration.get(key), str):
            yield Misfit(path=(*place, key), message=f"is missing, and type '{kind}' needs it", fix="Add it.")


def _variables_fit(values: Mapping[str, object]) -> Iterator[Misfit]:
    """API Gateway refuses a second variable beside another, `{a}` beside `{b}`."""
    variables: dict[str, str] = {}
    for path in _mapping(values.get("paths")):
        parts = path.split("/")
        for depth, part in enumerate(parts):
            parent = "/".join(parts[:depth]) or "/"
            if part.startswith("{") and variables.setdefault(parent, part) != part:
                yield Misfit(
                    path=("paths", path),
                    message=f"has {part} where another path has {variables[parent]}, under '{parent}'",
                    fix=f"API Gateway takes one variable in one place: write {variables[parent]} in both.",
                )
                break


def _references(document: Document) -> Iterator[Misfit]:
    """API Gateway follows references inside a document alone."""
    for path, source in document.sources.items():
        if path and path[-1] == "$ref" and not source.startswith("#/"):
            yield Misfit(
                path=path,
                message="refers to something outside the document",
                got=source,
                fix="Copy it under 'components' and refer to it as '#/components/…'.",
            )


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
