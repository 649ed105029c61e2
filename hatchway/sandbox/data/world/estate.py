"""What the data plane asks of the estate."""

from collections.abc import Mapping
from typing import Any, Protocol

from hatchway.sandbox.data.world.apis import RestApi, VpcLink
from hatchway.sandbox.data.world.balancers import Listener, LoadBalancer, TargetGroup
from hatchway.sandbox.data.world.callers import ApiKey, Credentials, Role, TokenClient, UserPool
from hatchway.sandbox.data.world.domains import Domain
from hatchway.sandbox.data.world.endpoints import Endpoint
from hatchway.sandbox.data.world.firewall import WebAcl
from hatchway.sandbox.data.world.functions import Function
from hatchway.sandbox.data.world.http_apis import HttpApi, VpcLinkV2
from hatchway.sandbox.data.world.networks import Networks

__all__ = ["World"]


class World(Protocol):
    """The estate as it is deployed now. Every call answers afresh."""

    def rest_api(self, api_id: str) -> RestApi | None:
        """The REST API with this id, in whichever account it is."""

    def vpc_link(self, link_id: str) -> VpcLink | None:
        """The VPC link with this id."""

    def load_balancer(self, arn: str) -> LoadBalancer | None:
        """The network load balancer with this ARN."""

    def target_group(self, arn: str) -> TargetGroup | None:
        """The target group with this ARN."""

    def endpoints(self) -> tuple[Endpoint, ...]:
        """All execute-api interface endpoints."""

    def function(self, arn: str) -> Function | None:
        """The Lambda function with this ARN."""

    def networks(self) -> Networks:
        """Everything that decides where packets go."""

    def role_credentials(self, role_arn: str) -> Mapping[str, str]:
        """Temporary credentials of a role, as environment variables."""

    def role(self, arn: str) -> Role | None:
        """The IAM role with this ARN."""

    def credentials(self, access_key_id: str) -> Credentials | None:
        """The credentials with this access key id."""

    def user_pool(self, arn: str) -> UserPool | None:
        """The Cognito user pool with this ARN."""

    def token_client(self, domain: str, region: str, client_id: str) -> TokenClient | None:
        """The client of the user pool that has this domain."""

    def api_key(self, value: str, account_id: str, region: str) -> ApiKey | None:
        """The API key with this value; keys are an account's own, in a region."""

    def web_acl(self, stage_arn: str) -> WebAcl | None:
        """The web ACL in front of a stage."""

    def domain(self, name: str) -> Domain | None:
        """The custom domain with this name."""

    def write_log(self, log_group_arn: str, stream: str, line: str) -> None:
        """Adds a line to a log group; does nothing where it does not exist."""

    def http_api(self, api_id: str) -> HttpApi | None:
        """The HTTP API with this id, in whichever account it is."""

    def vpc_link_v2(self, link_id: str) -> VpcLinkV2 | None:
        """The VPC link of version 2 with this id."""

    def listener(self, arn: str) -> tuple[LoadBalancer, Listener] | None:
        """The listener with this ARN, and its network load balancer."""

    def issuer_keys(self, issuer: str) -> Mapping[str, Mapping[str, Any]] | None:
        """The public keys of a Cognito user pool, by the issuer that its tokens name."""

    def jwt_issuers(self) -> frozenset[str]:
        """The issuers that deployed authorizers trust."""
