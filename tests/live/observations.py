"""What answers of AWS say about what the decisions assume. Pure, but for `keep`, which writes it down."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

from hatchway.verify.calling import Answer, NoAnswer

HEADER_OVER_HOST = "docs/decisions/0003-header-over-host.md"
HEALTH_CHECK = "docs/decisions/0009-health-check.md"
AUTHORIZATION = "docs/decisions/0010-authorization-header.md"
HEADERS_OF_CALLERS = "docs/decisions/0024-headers-of-callers.md"

_FORBIDDEN = 403
_NO_ROUTE = "Missing Authentication Token"
# What AWS says where it took the header for a signature:
# https://docs.aws.amazon.com/apigateway/latest/api/CommonErrors.html
_SIGNATURE_ERRORS = ("IncompleteSignature", "InvalidSignature", "UnrecognizedClient", "InvalidClientTokenId")
_SIGNATURE_WORDS = ("key=value pair", "request signature", "security token included in the request")
_EVERYTHING = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


class Verdict(StrEnum):
    """What an answer says about an assumption."""

    AGREES = "agrees"
    CONTRADICTS = "contradicts"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Observation:
    """One assumption, held against what was seen.

    Attributes:
        decision: The page that the assumption stands on.
        assumed: What it says.
        verdict: Whether AWS agrees.
        seen: What was seen, without any secret.
    """

    decision: str
    assumed: str
    verdict: Verdict
    seen: str

    @property
    def holds(self) -> bool:
        return self.verdict is Verdict.AGREES

    def __str__(self) -> str:
        return f"{self.decision}: {self.verdict}.\n  assumed: {self.assumed}\n  seen: {self.seen}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """A target group's health check, and the states of its targets after `seconds` of asking."""

    protocol: str
    path: str
    states: Mapping[str, str]
    seconds: float


Got = Answer | NoAnswer


def api_id_over_host(service: str, own: Got, unlisted: Got) -> Observation:
    """Judge a call that names an API in `x-apigw-api-id` which the endpoint's policy does not list."""
    if not _is_success(own):
        verdict = Verdict.UNDECIDED
    elif _same(own, unlisted):
        verdict = Verdict.CONTRADICTS
    else:
        verdict = Verdict.AGREES if _is_refused(unlisted) else Verdict.UNDECIDED
    assumed = f"{service}: with Host naming its API and x-apigw-api-id another one, the header wins: 403"
    return Observation(HEADER_OVER_HOST, assumed, verdict, f"{unlisted}; with its own id: {own}")


def listed_api_answers(service: str, own: Got, other: Got, listed: Got) -> Observation:
    """Judge a call that names a second API which the policy lists; `other` is that one's own answer."""
    verdict = Verdict.UNDECIDED
    if _is_success(own) and _is_success(other) and not _same(own, other):
        if _same(listed, other):
            verdict = Verdict.AGREES
        elif _same(listed, own) or _is_refused(listed):
            verdict = Verdict.CONTRADICTS
    assumed = f"{service}: a second private API that the endpoint's policy lists answers to its id"
    return Observation(
        HEADER_OVER_HOST, assumed, verdict, f"{listed}; with its own id: {own}; the second by itself: {other}"
    )


def ping_shows_health(service: str, targets: Targets, *, path_works: bool) -> Observation:
    """Judge the targets of a path; one that does not work says nothing about its health check."""
    is_ours = (targets.protocol, targets.path) == ("HTTPS", "/ping")
    verdict = Verdict.UNDECIDED
    if is_ours and targets.states:
        if set(targets.states.values()) == {"healthy"}:
            verdict = Verdict.AGREES
        elif path_works and "unhealthy" in targets.states.values():
            verdict = Verdict.CONTRADICTS
    states = ", ".join(f"{target} {state}" for target, state in sorted(targets.states.items()))
    works = "the path answers" if path_works else "the path does not answer"
    seen = (
        f"{targets.protocol} {targets.path}: {states or 'no target'} after {targets.seconds:.0f} s; {works}"
    )
    return Observation(
        HEALTH_CHECK, f"{service}: targets are healthy by HTTPS at /ping where the path works", verdict, seen
    )


def authorization_handed_on(service: str, scheme: str, got: Got) -> Observation:
    """Judge a call whose `Authorization` header the endpoint's own policy might take for a signature."""
    verdict = Verdict.UNDECIDED
    if _is_success(got):
        verdict = Verdict.AGREES
    elif isinstance(got, Answer) and got.status == _FORBIDDEN and _is_about_signatures(got):
        verdict = Verdict.CONTRADICTS
    does = "lets a bearer token through" if scheme == "Bearer" else "never gets the signature"
    assumed = f"{service}: an endpoint with a policy of its own {does}"
    return Observation(AUTHORIZATION, assumed, verdict, f"{scheme}: {got}")


def endpoint_headers_change_nothing(service: str, own: Got, written: Got) -> Observation:
    """Judge a call with the headers that only an endpoint adds, against the same call without them."""
    verdict = Verdict.UNDECIDED
    if _is_success(own):
        if _same(own, written):
            verdict = Verdict.AGREES
        elif isinstance(written, Answer) and (_is_refused(written) or written.status == own.status):
            verdict = Verdict.CONTRADICTS
    assumed = f"{service}: x-amzn-vpce-id and the like of a caller change nothing"
    return Observation(HEADERS_OF_CALLERS, assumed, verdict, f"{written}; without them: {own}")


def is_open_policy(document: str) -> bool:
    """Whether an endpoint's policy is the one that AWS gives it, which lets everything through."""
    statements = json.loads(document).get("Statement", [])
    if isinstance(statements, dict):
        statements = [statements]
    return any(_EVERYTHING.items() <= one.items() and "Condition" not in one for one in statements)


def keep(file: Path, observations: Sequence[Observation], run: Mapping[str, str]) -> None:
    """Add observations to a file of them, each with what is known about the run."""
    kept = json.loads(file.read_text("utf-8")) if file.exists() else []
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps([*kept, *({**run, **asdict(one)} for one in observations)], indent=2) + "\n")


def _is_success(got: Got) -> bool:
    return isinstance(got, Answer) and 200 <= got.status < 300


def _is_refused(got: Got) -> bool:
    return isinstance(got, Answer) and got.status == _FORBIDDEN and got.message != _NO_ROUTE


def _same(one: Got, other: Got) -> bool:
    return (
        isinstance(one, Answer)
        and isinstance(other, Answer)
        and (one.status, one.body) == (other.status, other.body)
    )


def _is_about_signatures(answer: Answer) -> bool:
    return answer.error_type.startswith(_SIGNATURE_ERRORS) or any(
        words in answer.message for words in _SIGNATURE_WORDS
    )
