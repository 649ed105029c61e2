"""What a wrong answer says about where the path is broken. Pure: no call is made here.

An answer often fits several hops. Then all of them are suspects and none is named: a wrong certainty costs
more than an open question.
https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html
"""

from dataclasses import dataclass, replace

from hatchway.route.hop import Hop
from hatchway.verify.calling import Answer, NoAnswer

__all__ = ["Diagnosis", "Known", "diagnose"]

_BEHIND = (Hop.INTEGRATION, Hop.VPC_LINK, Hop.LOAD_BALANCER, Hop.TRANSIT, Hop.ENDPOINT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of the deployment, and from other calls.

    Attributes:
        public_api_id: Id of the public API.
        private_api_id: Id of the service's private API.
        authorizer_answers: True if a call without a credential was refused by the authorizer: entry
            and route are then proven, whatever the call with a credential says.
    """

    public_api_id: str
    private_api_id: str
    authorizer_answers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnosis:
    """Where the path is, or may be, broken.

    Attributes:
        symptom: What the answer means.
        suspects: Hops that explain it, in order. A single one is certain.
        fix: What to look at or to change.
        remainder: The suspect to blame where all others are known to be right, however right this one
            looks: what it does is not seen from outside.
    """

    symptom: str
    suspects: tuple[Hop, ...]
    fix: str
    remainder: Hop | None = None

    @property
    def broken_hop(self) -> Hop | None:
        """The hop to blame, if there is but one."""
        return self.suspects[0] if len(self.suspects) == 1 else None


def diagnose(answer: Answer | NoAnswer, known: Known) -> Diagnosis:
    """Return which hops explain an answer that is not the one expected."""
    found = _silent(answer) if isinstance(answer, NoAnswer) else _spoken(answer, known)
    if not known.authorizer_answers or len(found.suspects) == 1:
        return found
    proven = tuple(hop for hop in found.suspects if hop is not Hop.ENTRY)
    return replace(found, suspects=proven)


def _silent(answer: NoAnswer) -> Diagnosis:
    return Diagnosis(
        symptom=f"The public host took the connection and then: {answer.reason.value}.",
        suspects=tuple(Hop),
        fix="Look at the public API's metrics; API Gateway itself answers 504 when an integration is slow.",
    )


def _spoken(answer: Answer, known: Known) -> Diagnosis:
    for judge in (
        _foreign,
        _throttled,
        _forbidden,
        _unauthorized,
        _bad_request,
        _authorizer_error,
        _server_error,
    ):
        found = judge(answer, known)
        if found is not None:
            return found
    return Diagnosis(
        symptom=f"Something answered {answer.status} with another body than expected.",
        suspects=(Hop.INTEGRATION, Hop.PRIVATE_API, Hop.BACKEND),
        fix="Compare 'expect' in hatchway.yaml with what the private API's stage has deployed.",
        remainder=Hop.BACKEND,
    )


def _foreign(answer: Answer, _known: Known) -> Diagnosis | None:
    marks = ("x-amzn-requestid", "x-amz-apigw-id", "apigw-requestid", "x-amzn-errortype")
    if any(mark in answer.headers for mark in marks) or answer.is_from_behind:
        return None
    return Diagnosis(
        symptom="The answer bears no mark of API Gateway.",
        suspects=(Hop.ENTRY, Hop.BACKEND),
        fix="See whether a proxy or a portal between here and AWS answers in its place.",
    )


def _throttled(answer: Answer, _known: Known) -> Diagnosis | None:
    if answer.status != 429:  # noqa: PLR2004 -- HTTP's own number
        return None
    return Diagnosis(
        symptom="The call was throttled.",
        suspects=(Hop.PRIVATE_API, Hop.BACKEND) if answer.is_from_behind else (Hop.ENTRY,),
        fix="Compare how often it is called with the throttling of the stage, of the route and of the usage "
        "plan, and with the account's quota of requests per second in its region.",
    )


def _forbidden(answer: Answer, known: Known) -> Diagnosis | None:
    if answer.status != 403:  # noqa: PLR2004 -- HTTP's own number
        return None
    if "execute-api:Invoke" in answer.message:
        return _policy(answer, known)
    behind = answer.is_from_behind
    if answer.message == "Missing Authentication Token":
        return Diagnosis(
            symptom="API Gateway has no such method and path.",
            suspects=(Hop.PRIVATE_API,) if behind else (Hop.ENTRY, Hop.INTEGRATION, Hop.PRIVATE_API),
            fix="Compare the request with services.<name>.path and api.routes, and deploy: a route that was "
            "added without a new deployment does not exist.",
        )
    if answer.message == "Forbidden":
        suspects = (Hop.INTEGRATION, Hop.ENDPOINT, Hop.PRIVATE_API)
        return Diagnosis(
            symptom="The endpoint could not tell which private API, or which stage of it, is meant.",
            suspects=suspects if behind else (Hop.ENTRY, *suspects),
            fix="Look at the integration's uri, at x-apigw-api-id, at the private API's stage and at its "
            "endpoint association.",
        )
    if answer.message.startswith("User is not authorized"):
        return _authorizer_refused(answer)
    return Diagnosis(
        symptom=f"Somebody on the path refused the call: {answer.message or 'no reason given'}.",
        suspects=tuple(Hop),
        fix="Look at the access logs of both APIs, and at a web ACL in front of the public one.",
    )


def _policy(answer: Answer, known: Known) -> Diagnosis:
    if f"/{known.public_api_id}/" in answer.message or f":{known.public_api_id}/" in answer.message:
        hop: tuple[Hop, ...] = (Hop.ENTRY,)
    elif "endpoint policy" in answer.message:
        hop = (Hop.ENDPOINT,)
    elif "resource-based policy" in answer.message:
        hop = (Hop.PRIVATE_API,)
    else:
        hop = (Hop.ENDPOINT, Hop.PRIVATE_API)
    return Diagnosis(
        symptom="A policy does not let the call through.",
        suspects=hop,
        fix="The resource policy has to allow the endpoint's id, and the API has to be deployed after each "
        "change of it; the endpoint policy has to allow the private API.",
    )


def _authorizer_refused(answer: Answer) -> Diagnosis:
    return Diagnosis(
        symptom="The authorizer knows the caller and does not let it in.",
        suspects=(Hop.AUTHORIZER,) if not answer.is_from_behind else (Hop.PRIVATE_API,),
        fix="Give HATCHWAY_TOKEN a token whose policy covers this method and path.",
    )


def _unauthorized(answer: Answer, _known: Known) -> Diagnosis | None:
    if answer.status != 401:  # noqa: PLR2004 -- HTTP's own number
        return None
    return Diagnosis(
        symptom="The credential was not accepted.",
        suspects=(Hop.AUTHORIZER,) if not answer.is_from_behind else (Hop.PRIVATE_API, Hop.BACKEND),
        fix="Put the SHA-256 of the token in HATCHWAY_TOKEN into the gateway's clients secret.",
    )


def _bad_request(answer: Answer, _known: Known) -> Diagnosis | None:
    if answer.status != 400 or "x-apigw-api-id" not in answer.message:  # noqa: PLR2004 -- HTTP's own number
        return None
    return Diagnosis(
        symptom="The public API asks the caller for x-apigw-api-id.",
        suspects=(Hop.INTEGRATION,),
        fix="Deploy: gateway.api_id_header is 'pinned' in hatchway.yaml, 'passthrough' in what is deployed.",
    )


def _authorizer_error(answer: Answer, _known: Known) -> Diagnosis | None:
    if not answer.error_type.startswith("Authorizer") or answer.is_from_behind:
        return None
    return Diagnosis(
        symptom="The authorizer itself failed.",
        suspects=(Hop.AUTHORIZER,),
        fix="Read the log of the authorizer's function, and see that it may read the clients secret.",
    )


def _server_error(answer: Answer, _known: Known) -> Diagnosis | None:
    if answer.status >= 500 and answer.is_from_behind:  # noqa: PLR2004 -- HTTP's own number
        return Diagnosis(
            symptom="The private API was reached, and could not answer.",
            suspects=(Hop.PRIVATE_API, Hop.BACKEND),
            fix="Look at the private API's execution log and at what its integration calls.",
            remainder=Hop.BACKEND,
        )
    if answer.status == 504:  # noqa: PLR2004 -- HTTP's own number
        return Diagnosis(
            symptom="The integration did not answer: no connection, or no answer in time.",
            suspects=(*_BEHIND, Hop.PRIVATE_API, Hop.BACKEND),
            fix="Look at target health, then at security groups and routes both ways, then at the backend "
            "and at services.<name>.integration_timeout_milliseconds.",
        )
    if answer.status < 500:  # noqa: PLR2004 -- HTTP's own number
        return None
    return Diagnosis(
        symptom="The integration failed: no usable link, no connection, or a certificate for another name.",
        suspects=(*_BEHIND, Hop.PRIVATE_API, Hop.BACKEND),
        fix="Look at the host of the integration's uri, which has to be the private API's under execute-api, "
        "then at the status of the VPC link and at target health.",
    )
