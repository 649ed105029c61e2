"""REST APIs as they are deployed."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hatchway.sandbox.data.world.callers import Throttle
from hatchway.sandbox.data.world.values import Document

__all__ = [
    "ApiDefinition",
    "Authorizer",
    "Canary",
    "GatewayResponse",
    "Integration",
    "IntegrationResponse",
    "Method",
    "MethodSettings",
    "Model",
    "Resource",
    "RestApi",
    "Stage",
    "VpcLink",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class IntegrationResponse:
    """How an integration's answer becomes a method's answer."""

    status_code: int
    selection_pattern: str | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Integration:
    """What a method does with a request."""

    type: str
    uri: str = ""
    http_method: str = "ANY"
    connection_type: str = "INTERNET"
    connection_id: str | None = None
    request_parameters: Mapping[str, str] = field(default_factory=dict)
    request_templates: Mapping[str, str] = field(default_factory=dict)
    passthrough_behavior: str = "WHEN_NO_MATCH"
    timeout_milliseconds: int = 29000
    credentials: str | None = None
    responses: tuple[IntegrationResponse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A method of a resource, as deployed."""

    http_method: str
    authorization_type: str = "NONE"
    authorizer_id: str | None = None
    api_key_required: bool = False
    authorization_scopes: tuple[str, ...] = ()
    request_parameters: Mapping[str, bool] = field(default_factory=dict)
    validates_parameters: bool = False
    request_models: Mapping[str, str] = field(default_factory=dict)
    validates_body: bool = False
    response_statuses: frozenset[int] = frozenset()
    integration: Integration | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A path of an API with its methods by HTTP method (`ANY` included)."""

    id: str
    path: str
    methods: Mapping[str, Method] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorizer:
    """A Lambda authorizer, or one of Cognito user pools."""

    id: str
    type: str
    uri: str = ""
    provider_arns: tuple[str, ...] = ()
    identity_sources: tuple[str, ...] = ()
    identity_validation_expression: str | None = None
    result_ttl_seconds: int = 300
    credentials: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayResponse:
    """An API's own form of an error that API Gateway answers itself."""

    type: str
    status_code: int | None = None
    templates: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """A named JSON schema."""

    name: str
    schema: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiDefinition:
    """A whole API at the moment of a deployment. Later edits do not reach it."""

    resources: tuple[Resource, ...]
    authorizers: Mapping[str, Authorizer] = field(default_factory=dict)
    policy: Document | None = None
    gateway_responses: Mapping[str, GatewayResponse] = field(default_factory=dict)
    binary_media_types: tuple[str, ...] = ()
    minimum_compression_size: int | None = None
    api_key_source: str = "HEADER"
    models: Mapping[str, Model] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodSettings:
    """Settings of a stage for `*/*`, or for one method by `path/METHOD`."""

    throttle: Throttle | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Canary:
    """The release of another deployment to a share of a stage's requests; variables are complete."""

    percent: float
    deployment_id: str
    definition: ApiDefinition
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A stage, and the definition its deployment froze."""

    name: str
    deployment_id: str
    definition: ApiDefinition
    variables: Mapping[str, str] = field(default_factory=dict)
    method_settings: Mapping[str, MethodSettings] = field(default_factory=dict)
    canary: Canary | None = None
    access_log_arn: str | None = None
    access_log_format: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApi:
    """What of a REST API takes effect without a deployment."""

    id: str
    account_id: str
    region: str
    is_private: bool = False
    vpc_endpoint_ids: frozenset[str] = frozenset()
    default_endpoint_disabled: bool = False
    stages: Mapping[str, Stage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class VpcLink:
    """A VPC link of REST APIs."""

    id: str
    account_id: str
    status: str
    target_arns: tuple[str, ...]
