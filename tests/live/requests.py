"""The declared requests of a deployed estate, with what is needed to make them otherwise than declared."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hatchway.topology import service_stack
from hatchway.topology.bulkheads import bulkhead_of
from hatchway.topology.model import Check, Topology
from hatchway.topology.stacks import gateway_stack
from hatchway.verify import made_up
from hatchway.verify.admission import admission
from hatchway.verify.aws.estate import estate_of
from hatchway.verify.calling import Answer, NoAnswer
from hatchway.verify.deployed import deployed_of
from hatchway.verify.http import HttpCaller
from hatchway.verify.keyring import Keyring
from hatchway.verify.requests import Target
from hatchway.verify.state import read_outputs, states_of


@dataclass(frozen=True, kw_only=True)
class DeclaredRequest:
    """The first request under `checks` of one service.

    Attributes:
        view: The topology, as the service's gateway sees it.
        service: Name of the service.
        check: The request.
        target: Where it goes, with everything that its caller is asked for.
        keyring: Masks that in answers.
        outputs: Of the gateway's stack.
        own_outputs: Of the service's stack.
    """

    view: Topology
    service: str
    check: Check
    target: Target
    keyring: Keyring
    outputs: Mapping[str, Any]
    own_outputs: Mapping[str, Any]

    @property
    def chooses_api(self) -> bool:
        """Whether the caller names the private API."""
        return self.view.gateway.api_id_header == "passthrough"

    @property
    def authorization(self) -> str | None:
        """The scheme of its `Authorization` header."""
        header = self.target.call(self.check.method, self.check.path).headers.get("Authorization")
        return None if header is None else header.partition(" ")[0]

    @property
    def listed_service(self) -> str | None:
        """Another service whose private API the same endpoint lets through."""
        together = bulkhead_of(self.view, self.service).services
        return next((name for name in together if name != self.service), None)

    @property
    def unlisted_api_id(self) -> str:
        """The id of a private API that the endpoint does not let through: a real one if there is one."""
        listed = {
            *self.view.services[self.service].endpoint.allowed_api_ids,
            *(self.api_id_of(name) for name in bulkhead_of(self.view, self.service).services),
        }
        others = (str(one) for one in self.outputs["private_api_ids"].values())
        return next((one for one in others if one not in listed), made_up.api_id())

    @property
    def target_group_arn(self) -> str:
        """The target group behind its VPC link."""
        return str(self.outputs["target_group_arns"][self.service])

    @property
    def endpoint(self) -> tuple[str, str]:
        """Account and id of its VPC endpoint."""
        site = estate_of(self.view, self.outputs, {self.service: self.own_outputs}).sites[self.service]
        return site.endpoint_account, str(site.endpoint_id)

    def api_id_of(self, service: str) -> str:
        """Return the id of a service's private API."""
        return str(self.outputs["private_api_ids"][service])

    def answer(
        self, api_id: str | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer | NoAnswer:
        """Make it, with another API's id and with more headers if they are given."""
        target = self.target if api_id is None else self.target.with_api_id(api_id)
        call = target.call(self.check.method, self.check.path)
        call = replace(call, headers={**call.headers, **(headers or {})})
        return self.keyring.masked(HttpCaller().call(call))

    def works(self) -> bool:
        """Whether it is answered with the status that is declared for it."""
        got = self.answer()
        return isinstance(got, Answer) and got.status == self.check.expect.status


def declared_requests(view: Topology, environ: Mapping[str, str]) -> Iterator[DeclaredRequest]:
    """Give the first request of each service of a deployed gateway that has any."""
    states = states_of(view, HttpCaller())
    outputs = read_outputs(states, gateway_stack(view))
    keyring = Keyring(environ, view.accounts[view.gateway.account].region)
    for name, service in view.services.items():
        for check in service.checks[:1]:
            asked = admission(view.gateway, service, check)
            yield DeclaredRequest(
                view=view,
                service=name,
                check=check,
                target=deployed_of(view, name, outputs).target.with_credentials(*keyring.credentials(asked)),
                keyring=keyring,
                outputs=outputs,
                own_outputs=read_outputs(states, service_stack(name)),
            )
