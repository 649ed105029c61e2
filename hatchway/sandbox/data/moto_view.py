"""The estate as the control plane has it: reads moto's records of all accounts.

Reads without a lock: every collection is copied in one step before it is gone through, and single values
are replaced, never changed in place, by moto.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.ec2.models import ec2_backends
from moto.elbv2.models import elbv2_backends
from moto.sts.models import sts_backends

from hatchway.sandbox.data import moto_networks
from hatchway.sandbox.data.moto_balancers import read_listener, read_load_balancer, target_group
from hatchway.sandbox.data.moto_callers import (
    read_api_key,
    read_credentials,
    read_role,
)
from hatchway.sandbox.data.moto_documents import document
from hatchway.sandbox.data.moto_domains import read_domain
from hatchway.sandbox.data.moto_edge import read_web_acl, write_log
from hatchway.sandbox.data.moto_functions import read_function
from hatchway.sandbox.data.moto_http_apis import read_http_api, read_issuers, read_vpc_link_v2
from hatchway.sandbox.data.moto_pools import read_issuer_keys, read_token_client, read_user_pool
from hatchway.sandbox.data.moto_stages import read_rest_api
from hatchway.sandbox.data.world import (
    ApiKey,
    Credentials,
    Domain,
    Endpoint,
    Function,
    HttpApi,
    Listener,
    LoadBalancer,
    Networks,
    RestApi,
    Role,
    TargetGroup,
    TokenClient,
    UserPool,
    VpcLink,
    VpcLinkV2,
    WebAcl,
)

__all__ = ["MotoView"]

_EXECUTE_API = ".execute-api"


class MotoView:
    """A `World` over moto's backends in this process."""

    def rest_api(self, api_id: str) -> RestApi | None:
        """The REST API with this id, in whichever account it is."""
        for backend in _each(apigateway_backends):
            api = backend.apis.get(api_id)
            if api is not None:
                return read_rest_api(api)
        return None

    def vpc_link(self, link_id: str) -> VpcLink | None:
        """The VPC link with this id."""
        for backend in _each(apigateway_backends):
            link = backend.vpc_links.get(link_id)
            if link is not None:
                return VpcLink(
                    id=link.id,
                    account_id=backend.account_id,
                    status=link.status,
                    target_arns=tuple(link.target_arns or ()),
                )
        return None

    def load_balancer(self, arn: str) -> LoadBalancer | None:
        """The network load balancer with this ARN."""
        for backend in _each(elbv2_backends):
            balancer = backend.load_balancers.get(arn)
            if balancer is not None and balancer.type == "network":
                return read_load_balancer(backend, balancer)
        return None

    def target_group(self, arn: str) -> TargetGroup | None:
        """The target group with this ARN."""
        for backend in _each(elbv2_backends):
            group = backend.target_groups.get(arn)
            if group is not None:
                return target_group(group)
        return None

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All execute-api interface endpoints."""
        return tuple(
            _endpoint(backend, endpoint)
            for backend in _each(ec2_backends)
            for endpoint in list(backend.vpc_end_points.values())
            if endpoint.service_name.endswith(_EXECUTE_API) and endpoint.state != "deleted"
        )

    def function(self, arn: str) -> Function | None:
        """The Lambda function with this ARN."""
        return read_function(arn)

    def networks(self) -> Networks:
        """Everything that decides where packets go."""
        return moto_networks.read(list(_each(ec2_backends)))

    def role_credentials(self, role_arn: str) -> Mapping[str, str]:
        """Temporary credentials of a role, as environment variables."""
        account_id = role_arn.split(":")[4]
        role = sts_backends[account_id]["aws"].assume_role(
            region_name="us-east-1",
            role_session_name="function",
            role_arn=role_arn,
            policy="",
            duration=43200,
            external_id="",
        )
        return {
            "AWS_ACCESS_KEY_ID": role.access_key_id,
            "AWS_SECRET_ACCESS_KEY": role.secret_access_key,
            "AWS_SESSION_TOKEN": role.session_token,
        }

    def role(self, arn: str) -> Role | None:
        """The IAM role with this ARN."""
        return read_role(arn, document)

    def credentials(self, access_key_id: str) -> Credentials | None:
        """The credentials with this access key id."""
        return read_credentials(access_key_id, document)

    def user_pool(self, arn: str) -> UserPool | None:
        """The Cognito user pool with this ARN."""
        return read_user_pool(arn)

    def token_client(self, domain: str, region: str, client_id: str) -> TokenClient | None:
        """The client of the user pool that has this domain."""
        return read_token_client(domain, region, client_id)

    def api_key(self, value: str, account_id: str, region: str) -> ApiKey | None:
        """The API key with this value; keys are an account's own, in a region."""
        return read_api_key(value, account_id, region)

    def web_acl(self, stage_arn: str) -> WebAcl | None:
        """The web ACL in front of a stage."""
        return read_web_acl(stage_arn)

    def domain(self, name: str) -> Domain | None:
        """The custom domain with this name."""
        return read_domain(name)

    def http_api(self, api_id: str) -> HttpApi | None:
        """The HTTP API with this id, in whichever account it is."""
        return read_http_api(api_id)

    def vpc_link_v2(self, link_id: str) -> VpcLinkV2 | None:
        """The VPC link of version 2 with this id."""
        return read_vpc_link_v2(link_id)

    def listener(self, arn: str) -> tuple[LoadBalancer, Listener] | None:
        """The listener with this ARN, and its network load balancer."""
        return read_listener(arn)

    def issuer_keys(self, issuer: str) -> Mapping[str, Mapping[str, Any]] | None:
        """The public keys of a Cognito user pool, by the issuer that its tokens name."""
        return read_issuer_keys(issuer)

    def jwt_issuers(self) -> frozenset[str]:
        """The issuers that deployed authorizers trust."""
        return read_issuers()

    def write_log(self, log_group_arn: str, stream: str, line: str) -> None:
        """Adds a line to a log group; does nothing where it does not exist."""
        write_log(log_group_arn, stream, line)


def _each(backends: Any) -> Iterator[Any]:  # noqa: ANN401 - moto is not typed
    """Yields what exists of a service in every account and region, creating nothing."""
    for regions in list(backends.values()):
        yield from list(regions.values())


def _endpoint(backend: Any, endpoint: Any) -> Endpoint:  # noqa: ANN401 - moto is not typed
    enis = [backend.enis.get(interface_id) for interface_id in list(endpoint.network_interface_ids)]
    return Endpoint(
        id=endpoint.id,
        account_id=backend.account_id,
        region=backend.region_name,
        vpc_id=endpoint.vpc_id,
        state=endpoint.state,
        interfaces=tuple(moto_networks.interface(eni) for eni in enis if eni is not None),
        policy=document(endpoint.policy_document),
        private_dns_enabled=bool(endpoint.private_dns_enabled),
    )
