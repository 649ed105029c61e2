"""The public ids of checks. An id is never given a second meaning.

`HW301` is hop 3, check 01. Numbers 90 to 99 of each hop are for what only a call to the deployed path can
show, 70 to 79 for what only AWS can tell of it; below them are rules on configuration, which review and
verify share. `HW0xx` concerns a whole route.
"""

from dataclasses import dataclass

from hatchway.route.hop import Hop

__all__ = ["CALLS", "PASSED_HOP", "CheckId"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckId:
    """A check's id, and what it asks.

    Attributes:
        id: The id, such as `HW291`.
        hop: The hop it judges; None for the route as a whole.
        title: What has to hold, as a sentence.
        weakness: True if a failure is a security weakness on a path that works, not a break of the path.
        source: Where AWS says so, if the rule is AWS's.
    """

    id: str
    hop: Hop | None
    title: str
    weakness: bool = False
    source: str = ""


_ERRORS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html"
_AUTHORIZER = (
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html"
)
_VALIDATION = (
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html"
)
_PRIVATE_CALL = (
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html"
)
_CALLING = "https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-call-api.html"
_TLS = (
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html"
)

ROUTE_ANSWERS = CheckId(id="HW001", hop=None, title="The request is answered as `hatchway.yaml` expects.")
ROUTE_DECLARED = CheckId(id="HW002", hop=None, title="The service declares a request that proves its path.")
CALLS_AND_FACTS_AGREE = CheckId(
    id="HW004", hop=None, title="The calls and the facts that AWS gives tell the same of the path."
)
FACTS_READ = CheckId(id="HW005", hop=None, title="The facts that the checks rest on could be read.")
NOTHING_DRIFTED = CheckId(
    id="HW008", hop=None, title="What is there is what is declared: a plan of each stack changes nothing."
)
LOAD_MADE = CheckId(id="HW040", hop=None, title="The load was made that `--load` and `--for` ask for.")
BUDGET_HELD = CheckId(
    id="HW041", hop=None, title="Under load, no more answers are wrong than `--error-budget` allows."
)
LATENCY_UNDER_LOAD = CheckId(
    id="HW042",
    hop=None,
    title="Under load, 99 of 100 right answers come within `expect.latency_milliseconds`.",
)
PUBLIC_NAME = CheckId(
    id="HW006",
    hop=None,
    title="The public host's name leads to the public API, from where it is called.",
    source="https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
)
UNKNOWN_ROUTE = CheckId(
    id="HW191",
    hop=Hop.ENTRY,
    title="A path that no service declares is refused by the public API.",
    weakness=True,
    source=_ERRORS,
)
FOREIGN_HOST = CheckId(
    id="HW192",
    hop=Hop.ENTRY,
    title="Naming the private API in `Host` does not lead past the public API.",
    weakness=True,
    source=_CALLING,
)
OLD_TLS = CheckId(
    id="HW193",
    hop=Hop.ENTRY,
    title="A handshake by TLS 1.1 or older is refused, where the public host's policy is TLS 1.2 or later.",
    weakness=True,
    source=_TLS,
)
NO_CREDENTIAL = CheckId(
    id="HW291",
    hop=Hop.AUTHORIZER,
    title="A call without a credential is refused with 401 or 403.",
    weakness=True,
    source=_AUTHORIZER,
)
WRONG_CREDENTIAL = CheckId(
    id="HW292",
    hop=Hop.AUTHORIZER,
    title="A call with a credential that was never issued is refused with 401 or 403.",
    weakness=True,
    source=_AUTHORIZER,
)
ALTERED_PATH = CheckId(
    id="HW293",
    hop=Hop.AUTHORIZER,
    title="No other way of writing the path (`//`, `..`, `%2e`, `%2f`) gets around the authorizer.",
    weakness=True,
    source=_CALLING,
)
FOREIGN_API_ID = CheckId(
    id="HW391",
    hop=Hop.INTEGRATION,
    title="A caller cannot choose another private API with `x-apigw-api-id`.",
    weakness=True,
    source=_PRIVATE_CALL,
)
MISSING_API_ID = CheckId(
    id="HW392",
    hop=Hop.INTEGRATION,
    title="With `api_id_header: passthrough`, a call without `x-apigw-api-id` is refused with 400.",
    weakness=True,
    source=_VALIDATION,
)
MALFORMED_API_ID = CheckId(
    id="HW393",
    hop=Hop.INTEGRATION,
    title="An `x-apigw-api-id` that is no id of an API leads nowhere.",
    weakness=True,
    source=_PRIVATE_CALL,
)
UNKNOWN_PATH = CheckId(
    id="HW891",
    hop=Hop.PRIVATE_API,
    title="A path that the private API does not declare is refused by it.",
    weakness=True,
    source=_ERRORS,
)
UNKNOWN_METHOD = CheckId(
    id="HW892",
    hop=Hop.PRIVATE_API,
    title="A method that is not declared for the path is refused.",
    weakness=True,
    source=_ERRORS,
)
PRIVATE_API_ITSELF = CheckId(
    id="HW893",
    hop=Hop.PRIVATE_API,
    title="The private API does not answer those who call it by its own name from outside.",
    weakness=True,
    source=_PRIVATE_CALL,
)

ANSWER_TIME = CheckId(
    id="HW991",
    hop=Hop.BACKEND,
    title="The answer comes within `expect.latency_milliseconds`.",
    weakness=True,
)

PASSED_HOP = {
    hop: CheckId(id=f"HW{hop.number}90", hop=hop, title=f"A request gets through the {hop.value} hop.")
    for hop in Hop
}

CALLS = tuple(
    sorted(
        (
            ROUTE_ANSWERS,
            ROUTE_DECLARED,
            CALLS_AND_FACTS_AGREE,
            FACTS_READ,
            PUBLIC_NAME,
            NOTHING_DRIFTED,
            LOAD_MADE,
            BUDGET_HELD,
            LATENCY_UNDER_LOAD,
            UNKNOWN_ROUTE,
            FOREIGN_HOST,
            OLD_TLS,
            ALTERED_PATH,
            MALFORMED_API_ID,
            UNKNOWN_METHOD,
            PRIVATE_API_ITSELF,
            NO_CREDENTIAL,
            WRONG_CREDENTIAL,
            FOREIGN_API_ID,
            MISSING_API_ID,
            UNKNOWN_PATH,
            ANSWER_TIME,
            *PASSED_HOP.values(),
        ),
        key=lambda check: check.id,
    )
)
