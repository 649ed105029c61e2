"""From answers to the facts of each declared request, the same that a review reads from Terraform."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from hatchway.route.facts import Fact, Known, RouteFacts, Unknown
from hatchway.route.live import Certificate, FunctionState, Live, State, TargetHealth
from hatchway.route.sources.requests import Routes
from hatchway.route.symbols import Text
from hatchway.verify.aws import (
    balancers,
    endpoints,
    firewalls,
    functions,
    http_apis,
    networks,
    quotas,
    transits,
    vpc_links,
)
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.apis import Apis, mapped_domains
from hatchway.verify.aws.definitions import differences
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.shapes import Names, Shapes

__all__ = ["LiveFacts"]


class LiveFacts:
    """The facts of an estate as it is deployed.

    Args:
        estate: What was read.
        answers: What AWS answered.
        names: What Terraform calls things.
        now: The time, for what expires.
    """

    def __init__(
        self, estate: Estate, answers: Answers, names: Names, now: dt.datetime | None = None
    ) -> None:
        self._estate = estate
        self._answers = answers
        self._now = now or dt.datetime.now(dt.UTC)
        shapes = Shapes(estate, names)
        self._apis = Apis(estate, answers, shapes)
        self._apis.write()
        firewalls.write(estate, answers, shapes)
        http_apis.write(estate, answers, shapes)
        functions.write(estate, answers, shapes)
        vpc_links.write(answers, shapes)
        balancers.write(answers, shapes)
        endpoints.write(answers, shapes)
        networks.write(answers, shapes)
        transits.write(estate, answers, shapes)
        self._routes = Routes(shapes.configuration())
        # Every request asks what was changed in the public API, which has the routes of all services.
        self._changes = cache(self._found_changes)
        self._public_changes = cache(self._found_public_changes)

    def of(self, service: str, verb: str, path: str) -> RouteFacts | None:
        """Return the facts of one request to a service; None if the public API could not be read."""
        site = self._estate.sites[service]
        if self._estate.api_id is None:
            return None
        facts = self._routes.asked(
            service=service,
            public=Text.of(self._estate.api_id),
            private=None if site.api_id is None else Text.of(site.api_id),
            verb=verb,
            path=path,
        )
        return None if facts is None else replace(facts, live=self._live(service, facts))

    def _live(self, service: str, facts: RouteFacts) -> Live:
        site = self._estate.sites[service]
        method, inner = facts.entry.method, facts.private.method if facts.private is not None else None
        return Live(
            public_changes=self._public_changes(),
            private_changes=self._changes(site.api_id, site.stage),
            link=self._link(facts),
            balancer=self._balancer(facts),
            health=self._health(facts),
            endpoint=self._endpoint(facts),
            authorizer=self._function(method.authorizer.uri if method and method.authorizer else None),
            backend=self._function(inner.integration.uri if inner and inner.integration else None),
            certificates=tuple(self._certificates()),
            log_role=str((self._account() or {}).get("cloudwatchRoleArn") or ""),
            logs=self._logs(),
            plans=tuple(self._plans()),
            quotas=tuple(quotas.uses(self._estate, self._answers)),
        )

    def _found_public_changes(self) -> Fact[tuple[str, ...]]:
        estate = self._estate
        if estate.kind == "rest":
            return self._changes(estate.api_id, estate.stage)
        changes = http_apis.undeployed_changes(self._answers, estate.stage)
        return Unknown("what the stage serves could not be read") if changes is None else Known(changes)

    def _found_changes(self, api: str | None, stage: str) -> Fact[tuple[str, ...]]:
        deployed = self._apis.deployed(api, stage) if api is not None else None
        current = self._apis.current(api) if api is not None else None
        if deployed is None or current is None:
            return Unknown("what the stage serves, or what the API is now, could not be read")
        return Known(differences(deployed, current))

    def _link(self, facts: RouteFacts) -> State | None:
        identity = str(facts.link.id) if facts.link is not None else None
        for _, one in self._answers.items("GetVpcLinks"):
            if facts.link is not None and one.get("id") == identity:
                message = str(one.get("statusMessage") or "")
                return State(subject=facts.link.subject, code=str(one.get("status")), message=message)
        for _, one in vpc_links.of_version_2(self._answers):
            if facts.link is not None and one.get("VpcLinkId") == identity:
                message = str(one.get("VpcLinkStatusMessage") or "")
                return State(subject=facts.link.subject, code=str(one.get("VpcLinkStatus")), message=message)
        return None

    def _balancer(self, facts: RouteFacts) -> State | None:
        if facts.balancer is None:
            return None
        for _, one in self._answers.items("DescribeLoadBalancers"):
            if one.get("LoadBalancerArn") == str(facts.balancer.arn):
                state = one.get("State") or {}
                reason = str(state.get("Reason") or "")
                return State(subject=facts.balancer.subject, code=str(state.get("Code")), message=reason)
        return None

    def _health(self, facts: RouteFacts) -> Fact[tuple[TargetHealth, ...]]:
        group = next(
            (one.group for one in (facts.balancer.listeners if facts.balancer else ()) if one.group), None
        )
        if group is None:
            return Known(())
        answer = self._answers.about("DescribeTargetHealth", TargetGroupArn=str(group.id))
        return Unknown("health could not be read") if answer is None else Known(tuple(map(_health, answer)))

    def _endpoint(self, facts: RouteFacts) -> State | None:
        wanted = str(facts.endpoint.id) if facts.endpoint is not None else None
        for _, one in self._answers.items("DescribeVpcEndpoints"):
            if facts.endpoint is not None and one.get("VpcEndpointId") == wanted:
                error = str((one.get("LastError") or {}).get("Message") or "")
                return State(subject=facts.endpoint.subject, code=str(one.get("State")), message=error)
        return None

    def _function(self, uri: Text | None) -> FunctionState | None:
        arn = functions.function_arn(uri.literal) if uri is not None and uri.literal is not None else None
        found = self._answers.about("GetFunctionConfiguration", FunctionName=arn) if arn is not None else None
        if arn is None or found is None:
            return None
        return FunctionState(
            subject=str(found.get("FunctionName")),
            code=str(found.get("State", "Active")),
            last_update=str(found.get("LastUpdateStatus", "Successful")),
        )

    def _certificates(self) -> Iterator[Certificate]:
        named = [
            (str(domain.get("domainName")), str(domain.get("regionalCertificateArn")))
            for _, domain in mapped_domains(self._estate, self._answers)
        ]
        named += [one[1:] for one in http_apis.mapped_domains(self._estate, self._answers)]
        for name, certificate in named:
            found = self._answers.about("DescribeCertificate", CertificateArn=certificate)
            if found is not None:
                ends = found.get("NotAfter")
                yield Certificate(
                    subject=str(found.get("CertificateArn")),
                    domain=name,
                    status=str(found.get("Status")),
                    days_left=(ends - self._now).days if isinstance(ends, dt.datetime) else None,
                )

    def _account(self) -> Mapping[str, Any] | None:
        requests = self._answers.of("GetAccount")
        return next((answer for request, answer in requests if request.account == self._estate.gateway), None)

    def _plans(self) -> Iterator[str]:
        for _, plan in self._answers.items("GetUsagePlans"):
            for covered in plan.get("apiStages") or ():
                if (covered.get("apiId"), covered.get("stage")) == (self._estate.api_id, self._estate.stage):
                    yield str(plan.get("name"))

    def _logs(self) -> bool:
        stages = self._answers.about("GetStages", restApiId=self._estate.api_id) or ()
        settings = [one for stage in stages for one in (stage.get("methodSettings") or {}).values()]
        return any(str(one.get("loggingLevel", "OFF")) != "OFF" for one in settings)


def _health(one: Mapping[str, Any]) -> TargetHealth:
    health = one.get("TargetHealth") or {}
    return TargetHealth(
        address=str((one.get("Target") or {}).get("Id")),
        state=str(health.get("State")),
        reason=str(health.get("Reason") or ""),
        description=str(health.get("Description") or ""),
    )
