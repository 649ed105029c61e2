"""What the data plane needs to know of a deployed estate, as frozen values.

The data plane asks a `World` and never looks behind it: in the sandbox it is answered from the control
plane's records, in unit tests from values written by hand.
"""

from hatchway.sandbox.data.world.apis import (
    ApiDefinition,
    Authorizer,
    Canary,
    GatewayResponse,
    Integration,
    IntegrationResponse,
    Method,
    MethodSettings,
    Model,
    Resource,
    RestApi,
    Stage,
    VpcLink,
)
from hatchway.sandbox.data.world.balancers import Listener, LoadBalancer, Target, TargetGroup
from hatchway.sandbox.data.world.callers import (
    ApiKey,
    Credentials,
    PlanStage,
    Quota,
    Role,
    Throttle,
    TokenClient,
    UsagePlan,
    UserPool,
)
from hatchway.sandbox.data.world.domains import BasePath, Domain
from hatchway.sandbox.data.world.endpoints import Endpoint
from hatchway.sandbox.data.world.estate import World
from hatchway.sandbox.data.world.firewall import WebAcl
from hatchway.sandbox.data.world.functions import Function
from hatchway.sandbox.data.world.http_apis import (
    Cors,
    HttpApi,
    HttpAuthorizer,
    HttpDefinition,
    HttpIntegration,
    HttpRoute,
    HttpStage,
    VpcLinkV2,
)
from hatchway.sandbox.data.world.networks import (
    AclEntry,
    Interface,
    Networks,
    Peering,
    Route,
    Rule,
    SecurityGroup,
    Subnet,
    TransitAttachment,
    TransitTable,
    Vpc,
)
from hatchway.sandbox.data.world.values import Address, Document, Network

__all__ = [
    "AclEntry",
    "Address",
    "ApiDefinition",
    "ApiKey",
    "Authorizer",
    "BasePath",
    "Canary",
    "Cors",
    "Credentials",
    "Document",
    "Domain",
    "Endpoint",
    "Function",
    "GatewayResponse",
    "HttpApi",
    "HttpAuthorizer",
    "HttpDefinition",
    "HttpIntegration",
    "HttpRoute",
    "HttpStage",
    "Integration",
    "IntegrationResponse",
    "Interface",
    "Listener",
    "LoadBalancer",
    "Method",
    "MethodSettings",
    "Model",
    "Network",
    "Networks",
    "Peering",
    "PlanStage",
    "Quota",
    "Resource",
    "RestApi",
    "Role",
    "Route",
    "Rule",
    "SecurityGroup",
    "Stage",
    "Subnet",
    "Target",
    "TargetGroup",
    "Throttle",
    "TokenClient",
    "TransitAttachment",
    "TransitTable",
    "UsagePlan",
    "UserPool",
    "Vpc",
    "VpcLink",
    "VpcLinkV2",
    "WebAcl",
    "World",
]
