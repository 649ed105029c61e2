"""What callers of an HTTP API meet: the definition, or what a stage serves of an earlier one.

A stage that deploys by itself serves what is defined. Of any other one, an export tells what it serves.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-export.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.route.sources.configuration import Resource, mapping
from hatchway.route.sources.openapi_http import http_parts, integration_of, scheme_names
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.http_defined import AUTHORIZER, Part, authorizer_arguments, defined, who
from hatchway.verify.aws.reads import V2

__all__ = ["met", "served"]


def met(answers: Answers) -> Iterator[Part]:
    """Give what callers meet: what the stage serves, as far as that was read, else what is defined."""
    found = served(answers)
    yield from defined(answers) if found is None else (one for one in found if _is_in_sight(one, answers))


def _is_in_sight(part: Part, answers: Answers) -> bool:
    """Whether the id that permissions may name an authorizer by is known, if functions are called for it.

    No route has to name it today, and it may be gone from the definition: then nothing is said of it.
    """
    if part.kind != AUTHORIZER or not part.arguments.get("authorizer_uri"):
        return True
    known = (one.get("AuthorizerId") for _, one in answers.of(f"{V2}GetAuthorizer"))
    return part.id in map(str, known)


def served(answers: Answers) -> tuple[Part, ...] | None:
    """Return what an export shows of a stage; None where there is none, or none that can be understood."""
    for request, document in answers.of(f"{V2}ExportApi"):
        if _is_understood(document):
            api = Resource(
                stack="",
                mode="managed",
                type="aws_apigatewayv2_api",
                name="api",
                arguments={"id": dict(request.about)["ApiId"]},
            )
            found = tuple(
                Part(request.account, one.type, str(one.arguments["id"]), _own(one.arguments))
                for one in http_parts(api, document)
                if one.type != api.type
            )
            return tuple(_with_ids(found, answers))
    return None


def _is_understood(document: object) -> bool:
    """Whether everything that operations refer to is there: without it, a guarded route looks open."""
    parts = mapping(mapping(document).get("components"))
    paths = mapping(document).get("paths")
    operations = (one for item in mapping(paths).values() for one in mapping(item).values())
    return isinstance(paths, Mapping) and all(
        set(scheme_names(one, mapping(document))) <= set(mapping(parts.get("securitySchemes")))
        and "$ref" not in integration_of(one, mapping(document))
        for one in map(mapping, operations)
    )


def _own(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: value for name, value in arguments.items() if name not in {"id", "api_id"}}


def _with_ids(parts: tuple[Part, ...], answers: Answers) -> Iterator[Part]:
    """Give authorizers the ids that AWS knows them by, which permissions of their functions may name.

    An export calls them by their names; where it does not, by what they are.
    """
    ids: dict[str, str] = {}
    for part in (one for one in parts if one.kind == AUTHORIZER):
        for _, known in answers.of(f"{V2}GetAuthorizer"):
            if part.id.endswith(f": authorizer {known.get('Name')}"):
                ids[part.id] = str(known.get("AuthorizerId"))
            elif who(authorizer_arguments(known)) == who(part.arguments):
                ids.setdefault(part.id, str(known.get("AuthorizerId")))
    for part in parts:
        asked = str(part.arguments.get("authorizer_id"))
        arguments = {**part.arguments, "authorizer_id": ids[asked]} if asked in ids else part.arguments
        yield part._replace(id=ids.get(part.id, part.id), arguments=arguments)
