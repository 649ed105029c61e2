"""What a user declares in `hatchway.yaml`, as typed values.

The models give shapes, defaults and the rules that concern one value alone. Rules that compare
values (overlaps, references between sections, duplicates) are in `hatchway.topology.rules`, so that
all problems of a file are found in one pass. Nothing here reads a file.
"""

import ipaddress
from typing import Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from hatchway.topology.values import (
    AccountId,
    Address,
    ApiId,
    BucketName,
    CheckRequest,
    Cidr,
    ExternalId,
    KeyPrefix,
    Method,
    Name,
    PrivateAsn,
    Region,
    RoleArn,
    RoutePath,
    RouteTableId,
    StageName,
    SubnetId,
    SubnetName,
    TransitGatewayId,
    UrlPath,
    VpcId,
    ZoneId,
)

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
API_ID_HEADER = "x-apigw-api-id"


class Declared(BaseModel):
    """Base of all sections: immutable, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)

    choices: ClassVar[tuple[str, ...]] = ()
    """Keys of which exactly one is given."""

    @model_validator(mode="after")
    def _has_one_choice(self) -> Self:
        given = [key for key in self.choices if getattr(self, key) is not None]
        if self.choices and len(given) != 1:
            raise ValueError(self.choice_message())
        return self

    @classmethod
    def choice_message(cls) -> str:
        """What is said where not exactly one of the choices is given."""
        *first, last = (f"'{key}'" for key in cls.choices)
        return f"needs exactly one of {', '.join(first)} and {last}"


class Account(Declared):
    """An AWS account that Hatchway deploys into."""

    id: AccountId = Field(examples=["111111111111"], description="The 12 digits of the account, quoted.")
    region: Region = Field(examples=["eu-west-1"], description="The region of everything in this account.")
    deploy_role: RoleArn | None = Field(
        examples=["arn:aws:iam::111111111111:role/deploy"],
        default=None,
        description="Role that Terraform assumes in this account; otherwise ambient credentials are used.",
    )
    external_id: ExternalId | None = Field(
        examples=["hatchway-7f3a"],
        default=None,
        description="External id asked for by the role's trust policy.",
    )


class State(Declared):
    """Where Terraform state is kept: one object per stack in one S3 bucket, locked natively."""

    bucket: BucketName = Field(
        examples=["estate-terraform-state"], description="Name of an existing S3 bucket."
    )
    region: Region = Field(examples=["eu-west-1"], description="Region of the bucket.")
    key_prefix: KeyPrefix = Field(
        examples=["platform/estate"],
        default="hatchway",
        description="State of stack NAME is the object KEY_PREFIX/NAME.tfstate.",
    )
    kms_key_id: str | None = Field(
        examples=["alias/terraform-state"],
        default=None,
        description="KMS key for the state; otherwise the bucket's own encryption.",
    )
    role: RoleArn | None = Field(
        examples=["arn:aws:iam::111111111111:role/terraform-state"],
        default=None,
        description="Role that reads and writes the state.",
    )


class SubnetToCreate(Declared):
    """A private subnet to create."""

    availability_zone_id: ZoneId = Field(
        examples=["euw1-az1"],
        description="Zone id (euw1-az1), which means the same place in every account; zone names do not.",
    )
    cidr: Cidr = Field(examples=["10.0.0.0/24"], description="Address range, inside the network's.")


class NetworkToCreate(Declared):
    """A VPC with private subnets to create. It gets no internet gateway and no NAT gateway."""

    cidr: Cidr = Field(examples=["10.0.0.0/16"], description="Address range of the VPC, /16 to /28.")
    subnets: dict[SubnetName, SubnetToCreate] = Field(min_length=1, description="Private subnets by name.")


class ExistingSubnet(Declared):
    """A subnet that exists already."""

    subnet_id: SubnetId = Field(examples=["subnet-0a1b2c3d"], description="Id of the subnet.")
    cidr: Cidr = Field(
        examples=["10.0.0.0/24"],
        description="Its address range, so that pinned addresses can be checked before deploy.",
    )
    availability_zone_id: ZoneId | None = Field(
        examples=["euw1-az1"], default=None, description="Its zone id, if zones are to be compared."
    )
    route_table_id: RouteTableId | None = Field(
        examples=["rtb-0a1b2c3d"],
        default=None,
        description="Its route table, if Hatchway is to add the routes to the other side.",
    )


class ExistingNetwork(Declared):
    """A VPC that exists already, which Hatchway uses and does not own."""

    vpc_id: VpcId = Field(examples=["vpc-0a1b2c3d"], description="Id of the VPC.")
    cidr: Cidr = Field(examples=["10.0.0.0/16"], description="Its address range.")
    subnets: dict[SubnetName, ExistingSubnet] = Field(
        min_length=1, description="Private subnets to use, by name."
    )


class Network(Declared):
    """A VPC in one account: created, or existing. Exactly one of the two."""

    choices: ClassVar[tuple[str, ...]] = ("create", "existing")

    account: Name = Field(examples=["edge"], description="Name of the account under `accounts`.")
    create: NetworkToCreate | None = Field(default=None, description="Create this VPC.")
    existing: ExistingNetwork | None = Field(default=None, description="Use this VPC.")

    @property
    def definition(self) -> NetworkToCreate | ExistingNetwork:
        """The one of `create` and `existing` that is given."""
        found = self.create or self.existing
        if found is None:  # the validator above rules it out; mypy cannot know
            raise ValueError("network has neither 'create' nor 'existing'")
        return found

    @property
    def cidr(self) -> ipaddress.IPv4Network:
        """Address range of the VPC."""
        return self.definition.cidr

    @property
    def subnet_cidrs(self) -> dict[str, ipaddress.IPv4Network]:
        """Address range of each subnet, by subnet name, in the order of the file."""
        return {name: subnet.cidr for name, subnet in self.definition.subnets.items()}


class TransitGatewayToCreate(Declared):
    """A Transit Gateway to create, shared through RAM with the other accounts."""

    account: Name = Field(examples=["edge"], description="Account that owns the gateway.")
    amazon_side_asn: PrivateAsn = Field(
        examples=[64520],
        default=64512,
        description="Private ASN of the gateway: 64512 to 65534, or 4200000000 to 4294967294.",
    )
    within_organization: bool = Field(
        examples=[True],
        default=False,
        description=(
            "True where all accounts are in one AWS Organization with RAM sharing on: shares then need no "
            "acceptance. False sends an invitation and accepts it in each account."
        ),
    )


class ExistingTransitGateway(Declared):
    """A Transit Gateway that exists and is already shared with the accounts."""

    transit_gateway_id: TransitGatewayId = Field(examples=["tgw-0a1b2c3d"], description="Id of the gateway.")
    account: Name | None = Field(
        examples=["edge"],
        default=None,
        description=(
            "Owner account, if attachments have to be accepted there. Otherwise the gateway accepts them."
        ),
    )


class Transit(Declared):
    """How packets get from the gateway's network to the services' networks. Exactly one of the three."""

    choices: ClassVar[tuple[str, ...]] = ("create", "existing", "routed")

    create: TransitGatewayToCreate | None = Field(default=None, description="Create a Transit Gateway.")
    existing: ExistingTransitGateway | None = Field(
        default=None, description="Attach to this Transit Gateway."
    )
    routed: Literal[True] | None = Field(
        examples=[True], default=None, description="The networks reach each other already; build nothing."
    )


class LambdaAuthorizer(Declared):
    """Hatchway's own REQUEST authorizer: bearer tokens, checked against digests in Secrets Manager."""

    result_ttl_seconds: int = Field(
        examples=[60],
        default=300,
        ge=0,
        le=3600,
        description=(
            "How long API Gateway reuses an answer for a token. A revoked token works that much longer."
        ),
    )
    timeout_seconds: int = Field(
        examples=[10], default=5, ge=1, le=29, description="Time limit of the function."
    )
    memory_megabytes: int = Field(
        examples=[512], default=256, ge=128, le=10240, description="Memory of the function."
    )


class Authorizer(Declared):
    """Who may enter. To let everyone in, write `authorizer: none`."""

    lambda_: LambdaAuthorizer = Field(
        default=LambdaAuthorizer(),
        alias="lambda",
        description="A Lambda REQUEST authorizer with Hatchway's handler.",
    )


class Gateway(Declared):
    """The public Regional REST API: the one door."""

    account: Name = Field(
        examples=["edge"], description="Account of the API, the VPC links and the load balancers."
    )
    network: Name = Field(examples=["edge"], description="Network of the load balancers.")
    name: Name | None = Field(
        examples=["public-gateway"],
        default=None,
        description="Name of the REST API. Default: the topology's name and '-gateway'.",
    )
    stage: StageName = Field(examples=["live"], default="live", description="Stage of the public API.")
    api_id_header: Literal["pinned", "passthrough"] = Field(
        examples=["pinned"],
        default="pinned",
        description=(
            "'pinned': the gateway sets x-apigw-api-id, whatever the caller sends. 'passthrough': the caller "
            "has to send it, and endpoint policies let only the listed APIs through."
        ),
    )
    authorizer: Authorizer | Literal["none"] = Field(
        examples=[{"lambda": {"result_ttl_seconds": 60}}],
        default=Authorizer(),
        description="Who may enter; 'none' for everyone.",
    )


class LoadBalancer(Declared):
    """The internal network load balancer in front of a service's endpoint."""

    addresses: dict[SubnetName, Address] = Field(
        examples=[{"a": "10.0.0.11", "b": "10.0.1.11"}],
        default={},
        description=(
            "Pinned address per subnet of the gateway's network. Default: in each subnet, the address ten "
            "above its first."
        ),
    )


class Endpoint(Declared):
    """The execute-api interface VPC endpoint of a service."""

    network: Name | None = Field(
        examples=["orders"],
        default=None,
        description="Network of the endpoint. Default: the gateway's for placement 'gateway'; else required.",
    )
    placement: Literal["service", "gateway"] = Field(
        examples=["service"],
        default="service",
        description=(
            "'service': in the service's account, over transit. 'gateway': in the gateway's network."
        ),
    )
    addresses: dict[SubnetName, Address] = Field(
        examples=[{"a": "10.1.0.10", "b": "10.1.1.10"}],
        default={},
        description=(
            "Pinned address per subnet of the endpoint's network. Default: in each subnet, the address ten "
            "above its first (twenty above for placement 'gateway', where the load balancers live too)."
        ),
    )
    allowed_api_ids: tuple[ApiId, ...] = Field(
        examples=[["a1b2c3d4e5"]],
        default=(),
        strict=False,
        description="Private APIs beside the service's own that may be reached through this endpoint.",
    )


class MockResponse(Declared):
    """A fixed answer of API Gateway itself (MOCK integration)."""

    status: int = Field(examples=[200], default=200, ge=200, le=599, description="HTTP status.")
    body: Any = Field(
        examples=[{"response": "integration-successful"}],
        default=None,
        description="Answered as JSON; nothing is answered for null.",
    )


class ApiRoute(Declared):
    """A method of the private API."""

    method: Method = Field(examples=["GET"], description="HTTP method, or ANY.")
    path: RoutePath = Field(
        examples=["/items/{id}"], description="Resource path on the private API, without the stage."
    )
    mock: MockResponse = Field(description="What answers: a fixed response.")


class PrivateApi(Declared):
    """The PRIVATE REST API of a service."""

    name: Name | None = Field(
        examples=["orders-private"],
        default=None,
        description="Name of the REST API. Default: topology and service name.",
    )
    stage: StageName = Field(examples=["v1"], default="v1", description="Stage of the private API.")
    routes: tuple[ApiRoute, ...] = Field(min_length=1, strict=False, description="Its methods.")


class Expectation(Declared):
    """What an answer has to be."""

    status: int = Field(examples=[200], default=200, ge=100, le=599, description="HTTP status.")
    json_: Any = Field(
        examples=[{"response": "integration-successful"}],
        default=None,
        alias="json",
        description="JSON that the body has to contain; null asks for nothing.",
    )


class Check(Declared):
    """A request to the public API, and what it has to answer."""

    request: CheckRequest = Field(
        examples=["GET /orders/items/1"],
        description="Method and path as a caller of the public API writes them, without the stage.",
    )
    expect: Expectation = Field(default=Expectation(), description="What it has to answer.")

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.request.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """Path of the request on the public API, without the stage, with its leading slash."""
        return self.request.split(" ", 1)[1]


class Service(Declared):
    """A private API, and how the gateway reaches it."""

    account: Name = Field(examples=["orders"], description="Account of the private API.")
    path: UrlPath = Field(
        examples=["/orders"],
        description="Path on the public API under which the service answers; '/' for everything.",
    )
    endpoint: Endpoint = Field(description="The execute-api VPC endpoint.")
    load_balancer: LoadBalancer = Field(
        default=LoadBalancer(), description="The load balancer in front of the endpoint."
    )
    integration_timeout_milliseconds: int = Field(
        examples=[10000],
        default=29000,
        ge=50,
        le=300000,
        description="How long the gateway waits. Above 29000 the account needs a raised quota.",
    )
    api: PrivateApi = Field(description="The private API.")
    checks: tuple[Check, ...] = Field(
        default=(), strict=False, description="Requests that `hatchway verify` sends."
    )


class Topology(Declared):
    """Everything in `hatchway.yaml`."""

    version: Literal[1] = Field(examples=[1], description="Version of this format.")
    name: Name = Field(
        examples=["estate"], description="Name of the estate; part of the names of what is created."
    )
    accounts: dict[Name, Account] = Field(min_length=1, description="AWS accounts by name.")
    state: State = Field(description="Where Terraform state is kept.")
    networks: dict[Name, Network] = Field(min_length=1, description="VPCs by name.")
    transit: Transit | None = Field(
        default=None,
        description="How the networks reach each other; needed by endpoints with placement 'service'.",
    )
    gateway: Gateway = Field(description="The public API.")
    services: dict[Name, Service] = Field(min_length=1, description="Private APIs by name.")
    tags: dict[str, str] = Field(
        examples=[{"team": "platform"}], default={}, description="Tags on every resource that takes tags."
    )
