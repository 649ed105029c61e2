"""Rules about who may enter: `gateway.authorizer` and `gateway.authorizers`."""

from collections.abc import Iterator

from hatchway.topology.function_rules import folder_fits
from hatchway.topology.model import Authorizer, LambdaAuthorizer, Topology
from hatchway.topology.problems import KeyPath, Misfit
from hatchway.topology.shapes import usable

RESERVED = "none"
HATCHWAYS_OWN = ("timeout_seconds", "memory_megabytes")


def no_authorizer_is_named_none(topology: Topology) -> Iterator[Misfit]:
    """'none' lets everyone in; an authorizer of that name would never be asked."""
    if RESERVED in topology.gateway.authorizers:
        yield Misfit(
            path=("gateway", "authorizers", RESERVED),
            message="is the word for letting everyone in, and no name",
            fix="Give the authorizer another name.",
        )


def rest_apis_take_no_jwt(topology: Topology) -> Iterator[Misfit]:
    """JWT authorizers are of HTTP APIs.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-vs-rest.html
    """
    if topology.gateway.kind != "rest":
        return
    for path, authorizer in declared_authorizers(topology):
        if usable(authorizer, lambda it: it.jwt) is not None:
            yield Misfit(
                path=(*path, "jwt"),
                message="needs an HTTP API, and gateway.kind is 'rest'",
                fix="Use a Lambda or Cognito authorizer, or set gateway.kind to 'http'.",
            )


def patterns_are_of_token_authorizers(topology: Topology) -> Iterator[Misfit]:
    """API Gateway matches a pattern with the one header of a TOKEN authorizer.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
    """
    for path, declared in _lambdas(topology):
        if usable(declared, lambda it: it.identity_pattern) is not None and declared.type == "request":
            yield Misfit(
                path=(*path, "identity_pattern"),
                message="is for type 'token', and the type is 'request'",
                got=declared.identity_pattern,
                fix="Set type to 'token', or check the pattern in the function.",
            )


def cached_answers_cover_the_route(topology: Topology) -> Iterator[Misfit]:
    """A cached policy decides later requests with the same key, whatever route they are for.

    With 'request', Hatchway makes method and path part of the key. With 'token' the header is all of it,
    so a function that answers for the one method it was asked about would open or close others.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/configure-api-gateway-lambda-authorization.html
    """
    for path, declared in _lambdas(topology):
        if declared.function is None or declared.type != "token" or declared.result_ttl_seconds == 0:
            continue
        yield Misfit(
            path=(*path, "result_ttl_seconds"),
            message=(
                "keeps answers by the header alone, while your function may answer for one route: with type "
                "'token' the key does not cover the route"
            ),
            got=declared.result_ttl_seconds,
            fix="Set type to 'request', whose key has method and path, or result_ttl_seconds to 0.",
        )


def settings_are_of_the_function_that_is_used(topology: Topology) -> Iterator[Misfit]:
    """Time limit and memory of a function of the user's are declared with it."""
    for path, declared in _lambdas(topology):
        if usable(declared, lambda it: it.function) is None:
            continue
        for key in sorted(declared.model_fields_set.intersection(HATCHWAYS_OWN)):
            yield Misfit(
                path=(*path, key),
                message="is for Hatchway's function, and yours is used",
                fix="Remove it; a function that is created has a time limit and memory of its own.",
            )


def functions_are_in_the_gateways_account(topology: Topology) -> Iterator[Misfit]:
    """Hatchway adds the permission to invoke, which it can in the gateway's account and region only."""
    account = topology.accounts.get(topology.gateway.account)
    if account is None:
        return
    for path, declared in _lambdas(topology):
        existing = None if declared.function is None else usable(declared.function, lambda it: it.existing)
        if existing is None:
            continue
        _, _, _, region, account_id, *_ = existing.split(":")
        if (region, account_id) != (account.region, account.id):
            yield Misfit(
                path=(*path, "function", "existing"),
                message=f"is of {account_id} in {region}, the gateway of {account.id} in {account.region}",
                got=existing,
                fix="Name a function of the gateway's account and region.",
            )


def folders_of_functions_are_there(topology: Topology) -> Iterator[Misfit]:
    """A function is packed from a folder beside the topology's file."""
    for path, declared in _lambdas(topology):
        created = None if declared.function is None else usable(declared.function, lambda it: it.create)
        if created is not None:
            yield from folder_fits(topology.directory, created, (*path, "function", "create"))


def declared_authorizers(topology: Topology) -> Iterator[tuple[KeyPath, Authorizer]]:
    """The authorizers, and where they are declared."""
    gateway = topology.gateway
    default = usable(gateway, lambda it: it.authorizer)
    if isinstance(default, Authorizer):
        yield ("gateway", "authorizer"), default
    for name, authorizer in (usable(gateway, lambda it: it.authorizers) or {}).items():
        yield ("gateway", "authorizers", name), authorizer


def _lambdas(topology: Topology) -> Iterator[tuple[KeyPath, LambdaAuthorizer]]:
    for path, authorizer in declared_authorizers(topology):
        declared = usable(authorizer, lambda it: it.lambda_)
        if declared is not None:
            yield (*path, "lambda"), declared
