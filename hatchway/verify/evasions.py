"""Making the calls of somebody who looks for a way around the door. Every one has to be refused."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from hatchway.errors import ToolError
from hatchway.route.check_ids import (
    ALTERED_PATH,
    FOREIGN_HOST,
    OLD_TLS,
    PRIVATE_API_ITSELF,
    UNKNOWN_METHOD,
)
from hatchway.route.outcome import Outcome
from hatchway.route.report import CheckResult
from hatchway.topology.openapi import private_routes
from hatchway.verify import made_up
from hatchway.verify.calling import Answer, Call, Caller, NoAnswer, Silence
from hatchway.verify.expectation import mismatch
from hatchway.verify.requests import Target, private_url
from hatchway.verify.safety import Refusal, is_success, may_change, not_applicable, passed, refused, undecided

if TYPE_CHECKING:
    from hatchway.topology.model import Check, Service, Topology
    from hatchway.verify.admission import Admission

__all__ = ["Evasions"]

_REFUSED = frozenset(range(400, 500)) - {429}
_NO_SUCH_METHOD = (404, 405)
_FORBIDDEN = 403
_NO_ROUTE = "Missing Authentication Token"
_NO_ROUTE_TYPE = "MissingAuthenticationToken"
# What is not declared may have been added by hand: only methods that change nothing are tried.
# https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods
_SAFE_METHODS = ("OPTIONS", "HEAD", "GET")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evasions:
    """The calls to one service that try to get around what is declared.

    Attributes:
        topology: What is declared.
        service: The service.
        private_api_id: Id of its private API.
        target: How a good call is made.
        check: The declared request that the calls are variations of.
        admission: What that request is asked for.
        send: Sends a call.
        old_tls: Sends calls by no TLS version later than 1.1; None where this machine cannot.
        inside: Gives the private addresses that a host's name stands for here.
    """

    topology: "Topology"
    service: "Service"
    private_api_id: str
    target: Target
    check: "Check"
    admission: "Admission"
    send: Callable[[Call], Answer | NoAnswer]
    old_tls: Caller | None
    inside: Callable[[str], tuple[str, ...]]

    def with_old_tls(self) -> CheckResult:
        """Shake hands as a client of long ago would."""
        subject = "a TLS 1.1 handshake with the public host"
        gateway = self.topology.gateway
        if gateway.domain is None and gateway.kind == "rest":
            reason = (
                "AWS lets TLS 1.0 in under execute-api names of REST APIs: a domain name has its own policy"
            )
            return not_applicable(OLD_TLS, subject, reason)
        if self.old_tls is None:
            return undecided(OLD_TLS, subject, "this machine's OpenSSL speaks nothing older than TLS 1.2")
        try:
            answer = self.old_tls.call(self.target.with_credentials().call("GET", self.check.path))
        except ToolError:
            return passed(OLD_TLS, subject, "the handshake was refused")
        if isinstance(answer, NoAnswer):
            if answer.reason is Silence.BROKEN_OFF and answer.timing.tls is None:
                return passed(OLD_TLS, subject, "the handshake was broken off")
            return undecided(OLD_TLS, subject, str(answer))
        refusal = Refusal(
            check=OLD_TLS,
            subject=subject,
            expected="no answer: the oldest version is TLS 1.2",
            is_refused=lambda _got: False,
            symptom="Callers with broken encryption are served.",
            fix="Set gateway.domain.security_policy to TLS_1_2 and deploy; the change takes up to an hour.",
        )
        # Whatever was answered: the handshake is what counts.
        return refused(refusal, replace(answer, status=200))

    def with_a_foreign_host(self) -> CheckResult:
        """Name the private API in `Host`, without a credential."""
        subject = f"{self._request} with the private API's name in Host"
        if self.admission.is_open:
            return not_applicable(FOREIGN_HOST, subject, self.admission.reason)
        url = private_url(self.topology, self.service, self.private_api_id)
        call = self.target.with_credentials().call(self.check.method, self.check.path)
        refusal = Refusal(
            check=FOREIGN_HOST,
            subject=subject,
            expected="a refusal, as of any call without a credential",
            is_refused=lambda got: got.status in _REFUSED,
            symptom="Whoever names the private API in Host gets around the authorizer.",
            fix="See what stands before the public API and goes by Host.",
        )
        host = url.split("/")[2]
        return refused(refusal, self.send(replace(call, headers={**call.headers, "Host": host})))

    def with_the_path_written_otherwise(self) -> CheckResult:
        """Write the path in ways that may mean the same to somebody on the way, without a credential."""
        subject = f"{self._request} with its path written otherwise"
        if self.admission.is_open:
            return not_applicable(ALTERED_PATH, subject, self.admission.reason)
        if any(other.path == "/" and other.authorizer == "none" for other in self.topology.services.values()):
            return not_applicable(ALTERED_PATH, subject, "a service under '/' is open to everyone")
        refusal = Refusal(
            check=ALTERED_PATH,
            subject=subject,
            expected="a refusal, or another answer than the one behind the authorizer",
            is_refused=lambda got: not (may_change(got) or self._is_let_in(got)),
            symptom="Another way of writing the path gets around the authorizer.",
            fix="See that each method of the public API has the authorizer, the greedy ones too.",
        )
        target = self.target.with_credentials()
        results = [
            replace(
                refused(refusal, self.send(target.call(self.check.method, path))),
                subject=f"{subject}: {path}",
            )
            for path in self._other_paths()
        ]
        found = {one.outcome: one for one in reversed(results)}
        worst = found.get(Outcome.FAIL) or found.get(Outcome.UNKNOWN)
        return worst or passed(ALTERED_PATH, subject, f"none of {len(results)} ways to write it was let in")

    def with_an_unlisted_method(self, good: Answer | None) -> CheckResult:
        """Use a method that nobody declared, one that would change nothing."""
        subject = f"{self.check.path} with a method that is not declared"
        routes = private_routes(self.service.api, self.topology.directory)
        if routes is None:
            return not_applicable(UNKNOWN_METHOD, subject, "the private API is not declared here")
        declared = {route.method.upper() for route in routes}
        preflight = {"OPTIONS"} if self.topology.gateway.cors is not None else set()
        method = next((one for one in _SAFE_METHODS if one not in declared | preflight), None)
        if "ANY" in declared or method is None:
            return not_applicable(UNKNOWN_METHOD, subject, "every method that changes nothing is declared")
        if good is None:
            return undecided(
                UNKNOWN_METHOD, subject, "the path does not answer, so a refusal would prove nothing"
            )
        refusal = Refusal(
            check=UNKNOWN_METHOD,
            subject=f"{method} {self.check.path}",
            expected=f"status 403, {_NO_ROUTE!r}, 404 or 405",
            is_refused=_has_no_such_method,
            symptom="A method that nobody declared is answered.",
            fix="Compare the deployed methods with hatchway.yaml, and remove what was added by hand.",
        )
        return refused(refusal, self.send(self.target.call(method, self.check.path)))

    def of_the_private_api_itself(self) -> CheckResult:
        """Call the private API by its own name, from here."""
        url = private_url(self.topology, self.service, self.private_api_id, self.check.path)
        subject = f"{self.check.method} {url}"
        if self.inside(url):
            reason = "its name leads to an endpoint here: this is not outside"
            return not_applicable(PRIVATE_API_ITSELF, subject, reason)
        refusal = Refusal(
            check=PRIVATE_API_ITSELF,
            subject=subject,
            expected="a refusal",
            is_refused=lambda got: got.status in _REFUSED,
            symptom="The private API answers everyone.",
            fix="Its endpoint type has to be PRIVATE, and its policy to deny what comes from elsewhere.",
        )
        target = replace(self.target, url="", api_id=None, credentials=())
        try:
            return refused(refusal, self.send(target.call(self.check.method, url)))
        except ToolError:
            return passed(PRIVATE_API_ITSELF, subject, "cannot be reached from here")

    def _is_let_in(self, answer: Answer) -> bool:
        return is_success(answer) and mismatch(answer, self.check.expect) is None

    @property
    def _request(self) -> str:
        return f"{self.check.method} {self.check.path}"

    def _other_paths(self) -> Iterator[str]:
        path, mark, query = self.check.path.partition("?")
        part = made_up.path_part()
        for other in (
            f"/{path}",
            f"/.{path}",
            f"/{part}/..{path}",
            f"/{part}/%2e%2e{path}",
            f"/{part}/..%2f{path[1:]}",
            f"{path}/",
            f"{path};{part}",
        ):
            yield f"{other}{mark}{query}"


def _has_no_such_method(answer: Answer) -> bool:
    if answer.status in _NO_SUCH_METHOD:
        return True
    # HEAD is answered without a body.
    says_so = answer.message == _NO_ROUTE or answer.error_type.startswith(_NO_ROUTE_TYPE)
    return answer.status == _FORBIDDEN and says_so
