"""What a user declares in `hatchway.yaml`, as typed values.

The models give shapes, defaults and the rules that concern one value alone. Rules that compare
values (overlaps, references between sections, duplicates) are in `hatchway.topology.rules`, so that
all problems of a file are found in one pass. Nothing here reads a file.
"""

from hatchway.topology.model.accounts import Account
from hatchway.topology.model.authorizers import (
    Authorizer,
    CognitoAuthorizer,
    IamAuthorizer,
    JwtAuthorizer,
    LambdaAuthorizer,
)
from hatchway.topology.model.bootstrap import Bootstrap
from hatchway.topology.model.declared import Declared
from hatchway.topology.model.front_door import (
    CanaryRelease,
    Cors,
    Domain,
    GatewayResponse,
    MutualTls,
    Quota,
    Throttling,
    UsagePlan,
    WebAcl,
    WebAclToCreate,
)
from hatchway.topology.model.functions import FunctionToCreate, LambdaFunction
from hatchway.topology.model.gateway import Gateway, NamedGateway
from hatchway.topology.model.networks import (
    ExistingNetwork,
    ExistingSubnet,
    ExistingTransitGateway,
    Network,
    NetworkToCreate,
    SubnetToCreate,
    Transit,
    TransitGatewayToCreate,
)
from hatchway.topology.model.observability import Alarms, Canary, Observability
from hatchway.topology.model.services import (
    ApiRoute,
    Endpoint,
    ExistingApi,
    HttpBackend,
    LoadBalancer,
    MockResponse,
    PrivateApi,
    PrivateApiAccess,
    PublicRoute,
    Service,
)
from hatchway.topology.model.state import HcpState, LocalState, S3State, State
from hatchway.topology.model.topology import Topology
from hatchway.topology.model.verification import Check, Expectation

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "ANY")
API_ID_HEADER = "x-apigw-api-id"

__all__ = [
    "API_ID_HEADER",
    "METHODS",
    "Account",
    "Alarms",
    "ApiRoute",
    "Authorizer",
    "Bootstrap",
    "Canary",
    "CanaryRelease",
    "Check",
    "CognitoAuthorizer",
    "Cors",
    "Declared",
    "Domain",
    "Endpoint",
    "ExistingApi",
    "ExistingNetwork",
    "ExistingSubnet",
    "ExistingTransitGateway",
    "Expectation",
    "FunctionToCreate",
    "Gateway",
    "GatewayResponse",
    "HcpState",
    "HttpBackend",
    "IamAuthorizer",
    "JwtAuthorizer",
    "LambdaAuthorizer",
    "LambdaFunction",
    "LoadBalancer",
    "LocalState",
    "MockResponse",
    "MutualTls",
    "NamedGateway",
    "Network",
    "NetworkToCreate",
    "Observability",
    "PrivateApi",
    "PrivateApiAccess",
    "PublicRoute",
    "Quota",
    "S3State",
    "Service",
    "State",
    "SubnetToCreate",
    "Throttling",
    "Topology",
    "Transit",
    "TransitGatewayToCreate",
    "UsagePlan",
    "WebAcl",
    "WebAclToCreate",
]
