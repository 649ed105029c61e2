"""Making the calls that the path has to refuse."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hatchway.route.check_ids import (
    FOREIGN_API_ID,
    MALFORMED_API_ID,
    MISSING_API_ID,
    NO_CREDENTIAL,
    UNKNOWN_PATH,
    UNKNOWN_ROUTE,
    WRONG_CREDENTIAL,
)
from hatchway.route.report import CheckResult
from hatchway.topology.allowed_headers import may_be_sent
from hatchway.topology.openapi import private_routes
from hatchway.verify import made_up
from hatchway.verify.calling import Answer, Call, NoAnswer
from hatchway.verify.requests import API_ID_HEADER, Target
from hatchway.verify.safety import (
    Refusal,
    is_same_answer,
    is_success,
    not_applicable,
    refused,
    undecided,
)

if TYPE_CHECKING:
    from hatchway.route.check_ids import CheckId
    from hatchway.topology.model import Service, Topology
    from hatchway.verify.admission import Admission

__all__ = ["Refusals"]

_REFUSED = (401, 403)
_FORBIDDEN = 403
_BAD_REQUEST = 400
# An HTTP API says it of a path it does not have, a REST API of one that Hatchway closed.
_NOT_FOUND = 404
_NO_ROUTE = "Missing Authentication Token"
_PATH_DOWN = "the path does not answer, so a refusal would prove nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusals:
    """The calls to one service that must be refused.

    Attributes:
        topology: What is declared.
        service: The service.
        target: How a good call is made.
        method: Method of the declared request that the calls are variations of.
        path: Its path.
        send: Sends a call.
        admission: What the declared request is asked for.
    """

    topology: "Topology"
    service: "Service"
    target: Target
    method: str
    path: str
    send: Callable[[Call], Answer | NoAnswer]
    admission: "Admission"

    def without_credential(self) -> CheckResult:
        """Call without a credential."""
        return self._credential(NO_CREDENTIAL, "no credential", self.target.with_credentials())

    def with_wrong_credential(self) -> CheckResult:
        """Call with a credential that nobody issued."""
        wrong = (credential.made_up() for credential in self.target.credentials)
        return self._credential(
            WRONG_CREDENTIAL, "a made-up credential", self.target.with_credentials(*wrong)
        )

    def with_foreign_api_id(self, foreign_api_id: str | None, good: Answer | None) -> CheckResult:
        """Call with the id of another private API, or with one that does not exist."""
        which = "a made-up API id" if foreign_api_id is None else "another service's API id"
        subject = f"{self.method} {self.path} with {which} in x-apigw-api-id"
        if good is None:
            return undecided(FOREIGN_API_ID, subject, _PATH_DOWN)
        answer = self.send(
            self.target.with_api_id(foreign_api_id or made_up.api_id()).call(self.method, self.path)
        )
        if self.topology.gateway.api_id_header == "pinned":
            return refused(self._ineffective(FOREIGN_API_ID, subject, good), answer)
        refusal = Refusal(
            check=FOREIGN_API_ID,
            subject=subject,
            expected="status 403: the endpoint's policy lets only the listed APIs through",
            is_refused=lambda got: got.status == _FORBIDDEN and got.message != _NO_ROUTE,
            symptom="Whoever calls chooses which private API answers.",
            fix="Give the service an endpoint (isolation: own) whose policy names its own API and "
            "endpoint.allowed_api_ids alone, or set gateway.api_id_header to 'pinned'.",
        )
        return refused(refusal, answer)

    def with_malformed_api_id(self, good: Answer | None) -> CheckResult:
        """Call with something in place of an API id that is none."""
        subject = f"{self.method} {self.path} with what is no id in x-apigw-api-id"
        if good is None:
            return undecided(MALFORMED_API_ID, subject, _PATH_DOWN)
        answer = self.send(self.target.with_api_id(made_up.no_api_id()).call(self.method, self.path))
        if self.topology.gateway.api_id_header == "pinned":
            return refused(self._ineffective(MALFORMED_API_ID, subject, good), answer)
        refusal = Refusal(
            check=MALFORMED_API_ID,
            subject=subject,
            expected="status 400 or 403",
            is_refused=lambda got: got.status in (_BAD_REQUEST, _FORBIDDEN),
            symptom="What is no id of an API is answered by one.",
            fix="Scope the endpoint policy to the service's own API and endpoint.allowed_api_ids, or set "
            "gateway.api_id_header to 'pinned'.",
        )
        return refused(refusal, answer)

    def without_api_id(self, good: Answer | None) -> CheckResult:
        """Call without an API id, where the caller has to send one."""
        subject = f"{self.method} {self.path} without x-apigw-api-id"
        if self.topology.gateway.api_id_header == "pinned":
            return not_applicable(MISSING_API_ID, subject, "the gateway sets the header")
        if good is None:
            return undecided(MISSING_API_ID, subject, _PATH_DOWN)
        refusal = Refusal(
            check=MISSING_API_ID,
            subject=subject,
            expected="status 400 from the request validator",
            is_refused=lambda got: got.status == _BAD_REQUEST,
            symptom="The gateway does not ask for the header that it passes on.",
            fix="Deploy the gateway: its methods have to require x-apigw-api-id, with a request validator.",
        )
        return refused(refusal, self.send(self.target.with_api_id(None).call(self.method, self.path)))

    def of_unknown_path(self, good: Answer | None) -> CheckResult:
        """Call a path under the service's own that its private API does not declare."""
        path = f"{self.service.path.rstrip('/')}/{made_up.path_part()}"
        subject = f"{self.method} of a path that is not declared"
        routes = private_routes(self.service.api, self.topology.directory)
        if routes is None:
            return not_applicable(UNKNOWN_PATH, subject, "the private API is not declared here")
        if any(_is_greedy(route.path) for route in routes):
            return not_applicable(UNKNOWN_PATH, subject, "the private API declares a route for any path")
        if good is None:
            return undecided(UNKNOWN_PATH, subject, _PATH_DOWN)
        return refused(_no_such_route(UNKNOWN_PATH, subject), self.send(self.target.call(self.method, path)))

    def of_unknown_route(self) -> CheckResult:
        """Call a path of the public API that no service is declared under."""
        subject = f"{self.method} of a path that no service has"
        if any(service.path == "/" for service in self.topology.services.values()):
            return not_applicable(UNKNOWN_ROUTE, subject, "a service is declared under '/'")
        path = f"/{made_up.path_part()}"
        return refused(_no_such_route(UNKNOWN_ROUTE, subject), self.send(self.target.call(self.method, path)))

    def _credential(self, check: "CheckId", what: str, target: Target) -> CheckResult:
        subject = f"{self.method} {self.path} with {what}"
        if self.admission.is_open:
            return not_applicable(check, subject, self.admission.reason)
        refusal = Refusal(
            check=check,
            subject=subject,
            expected="status 401 or 403",
            is_refused=lambda got: got.status in _REFUSED,
            symptom="The door is open to everyone.",
            fix="See that every method of the public API has the authorizer, and that it was deployed since.",
        )
        return refused(refusal, self.send(target.call(self.method, self.path)))

    def _ineffective(self, check: "CheckId", subject: str, good: Answer) -> Refusal:
        if not may_be_sent(self.topology.gateway, API_ID_HEADER):
            return Refusal(
                check=check,
                subject=subject,
                expected="status 403: the web ACL lets no request in that has the header",
                is_refused=lambda got: got.status == _FORBIDDEN,
                symptom="A header is let in that is not among those allowed.",
                fix="Deploy the gateway: its web ACL has to block what is not in allowed_headers.",
            )
        return Refusal(
            check=check,
            subject=subject,
            expected="the same answer as without it",
            is_refused=lambda got: (
                is_same_answer(got, good) or (got.status == good.status and is_success(got))
            ),
            symptom="A caller's x-apigw-api-id changes what happens, though the gateway is to set it.",
            fix="Deploy the gateway: its integration has to set x-apigw-api-id to the private API's id.",
        )


def _no_such_route(check: "CheckId", subject: str) -> Refusal:
    return Refusal(
        check=check,
        subject=subject,
        expected=f"status 403, {_NO_ROUTE!r}, or 404, 'Not Found'",
        is_refused=lambda got: (
            (got.status, got.message) in ((_FORBIDDEN, _NO_ROUTE), (_NOT_FOUND, "Not Found"))
        ),
        symptom="A path that nobody declared is answered.",
        fix="Compare the deployed routes with hatchway.yaml, and remove what was added by hand.",
    )


def _is_greedy(path: str) -> bool:
    return path.endswith("+}") or "{" in path.rsplit("/", 1)[-1]
