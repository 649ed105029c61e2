"""Which private APIs a caller reaches by naming one, where the gateway hands the name on."""

import itertools
from collections.abc import Sequence

from hatchway.route.checks.model import Judgement, bad, good, unclear
from hatchway.route.facts import (
    AttachedPolicy,
    Endpoint,
    Integration,
    Neighbour,
    Private,
    RouteFacts,
    Unknown,
)
from hatchway.route.policy import Effect, evaluate, private_call
from hatchway.route.symbols import Symbol, SymbolKind, Text

__all__ = ["other_apis"]

# An id that no reference stands for, and one that nobody has written.
_STRANGERS = (Symbol("another private API", SymbolKind.ID), "another0api")


def other_apis(one: Integration, facts: RouteFacts, endpoint: Endpoint, private: Private) -> Judgement:
    """Judge whether the endpoint policy lets an API through that is not this route's."""
    partition = private.api.execution_arn.split(":")[1]
    place = private.api.location
    owner = Text.of("arn:", partition, ":execute-api:", place.region, ":", place.account)
    for attached in endpoint.policies[-1:]:
        effects = {_answer(attached, endpoint, Text.of(owner, ":", one, "/v1/GET/")) for one in _STRANGERS}
        if any(effect.is_deny for effect in effects):
            return _listed(one, attached, endpoint, _others(facts, private))
        if Effect.UNKNOWN in effects:
            return unclear(attached.subject, "whether the endpoint policy lets other APIs in is not known")
    observed = "the caller's x-apigw-api-id is passed on and the endpoint lets every API through"
    return bad(
        one.subject, observed, "an API id that the gateway sets, or an endpoint policy that names the APIs"
    )


def _others(facts: RouteFacts, private: Private) -> list[Neighbour]:
    return [one for one in facts.neighbours if one.api.id != private.api.id]


def _listed(
    one: Integration, attached: AttachedPolicy, endpoint: Endpoint, others: Sequence[Neighbour]
) -> Judgement:
    """Judge an allow-list: whoever calls one of the APIs that it names can choose each of them."""
    is_open = False
    for other in others:
        effect = _reaches(attached, endpoint, other)
        if effect is Effect.ALLOW:
            passed = "the caller's x-apigw-api-id is passed on"
            observed = f"{passed} and the endpoint lets {other.api.subject} through too"
            return bad(one.subject, observed, "an API id that the gateway sets, or an endpoint for each API")
        is_open = is_open or effect is Effect.UNKNOWN
    if is_open:
        return unclear(attached.subject, "whether another private API is let through is not known")
    return good(attached.subject, "the endpoint policy lets only the APIs it names through")


def _reaches(attached: AttachedPolicy, endpoint: Endpoint, other: Neighbour) -> Effect:
    """Return whether any route of an API is let through, by the endpoint and by the API's own policy."""
    effects = set()
    for stage, route in itertools.product(other.stage_names, other.routes):
        verb, _, path = route.partition(" ")
        resource = Text.of(other.api.execution_arn, "/", stage, f"/{'GET' if verb == 'ANY' else verb}{path}")
        asked = {_answer(policy, endpoint, resource) for policy in (attached, *other.api.policies)}
        if asked == {Effect.ALLOW}:
            return Effect.ALLOW
        effects |= {Effect.UNKNOWN} if not any(effect.is_deny for effect in asked) else set()
    return Effect.UNKNOWN if effects else Effect.IMPLICIT_DENY


def _answer(attached: AttachedPolicy, endpoint: Endpoint, resource: Text) -> Effect:
    if isinstance(attached.policy, Unknown):
        return Effect.UNKNOWN
    call = private_call(resource=resource, endpoint=endpoint.id, vpc=endpoint.vpc, source_address=None)
    return evaluate(attached.policy.value, call).effect
