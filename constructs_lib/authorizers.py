"""The authorizers of the public API, by name."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import EVERYONE, SIGNED_REQUESTS, Admission
from constructs_lib.cognito_authorizer import CognitoAuthorizer, CognitoAuthorizerProps
from constructs_lib.function_reference import FunctionReference
from constructs_lib.lambda_authorizer import LambdaAuthorizer, LambdaAuthorizerProps
from constructs_lib.log_group import LogSettings
from constructs_lib.user_function import UserFunction, UserFunctionProps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hatchway.topology.model import Authorizer
    from hatchway.topology.model import LambdaAuthorizer as DeclaredLambda

DEFAULT = "authorizer"
DEFAULT_NAME = "clients"
NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorizersProps:
    """What `Authorizers` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    topology_name: str
    """Start of the names of what is created."""
    api_id: str
    """The public API."""
    execution_arn: str
    """Its ARN as permissions name it."""
    default: "Authorizer | None"
    """Who may enter where nothing else is said; None for everyone."""
    named: "Mapping[str, Authorizer]"
    """The others, by the name that services and routes use."""
    sources: Path
    """Folder that paths of source folders begin at."""
    staging: Path
    """Folder for functions' packages until synth copies them."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How functions' logs are kept."""


class Authorizers(Construct):
    """Every authorizer that is declared, and what each means for a method.

    Terraform: those of `LambdaAuthorizer`, `CognitoAuthorizer` and `UserFunction`. The default one's
    address is `aws_api_gateway_authorizer.authorizer`, that of one named `partners`
    `aws_api_gateway_authorizer.authorizer_partners`. AWS_IAM needs no resource.
    """

    _lambda_authorizer = LambdaAuthorizer
    """What stands for a function that decides."""

    def __init__(self, scope: Construct, id_: str, props: AuthorizersProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._definition: list[str] = []
        self._clients_secret_arns: dict[str, str] = {}
        self._default = EVERYONE if props.default is None else self._add(DEFAULT, DEFAULT_NAME, props.default)
        self._named = {
            name: self._add(f"{DEFAULT}_{name}", name, authorizer) for name, authorizer in props.named.items()
        }

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return tuple(self._definition)

    @property
    def clients_secret_arn(self) -> str | None:
        """ARN of the secret of the default authorizer, if that is Hatchway's."""
        return self._clients_secret_arns.get(DEFAULT)

    @property
    def named_secret_arns(self) -> dict[str, str]:
        """ARNs of the secrets of the named authorizers that are Hatchway's, by name."""
        return {
            id_.removeprefix(f"{DEFAULT}_"): arn
            for id_, arn in self._clients_secret_arns.items()
            if id_ != DEFAULT
        }

    def admission(self, name: str | None) -> Admission:
        """What an authorizer means for a method; None is the default one, 'none' lets everyone in."""
        if name is None:
            return self._default
        return EVERYONE if name == NONE else self._named[name]

    def _add(self, id_: str, name: str, declared: "Authorizer") -> Admission:
        if declared.lambda_ is not None:
            return self._add_lambda(id_, name, declared.lambda_)
        if declared.cognito is not None:
            props = CognitoAuthorizerProps(
                provider=self._props.provider,
                rest_api_id=self._props.api_id,
                name=name,
                user_pool_arns=declared.cognito.user_pool_arns,
                scopes=declared.cognito.scopes,
                result_ttl_seconds=declared.cognito.result_ttl_seconds,
            )
            cognito = CognitoAuthorizer(self, id_, props)
            self._definition += cognito.definition
            return cognito.admission
        return SIGNED_REQUESTS

    def _title(self, id_: str, name: str) -> str:
        """Start of the names of what an authorizer creates."""
        topology = self._props.topology_name
        return topology if id_ == DEFAULT else f"{topology}-{name}"

    def _user_function(self, id_: str, name: str, declared: "DeclaredLambda") -> FunctionReference | None:
        if declared.function is None:
            return None
        props = UserFunctionProps(
            provider=self._props.provider,
            name=f"{self._title(id_, name)}-authorizer",
            function=declared.function,
            sources=self._props.sources,
            staging=self._props.staging,
            logs=self._props.logs,
        )
        return UserFunction(Construct(self, f"Function-{id_}"), id_, props).reference

    def _add_lambda(self, id_: str, name: str, declared: "DeclaredLambda") -> Admission:
        props = LambdaAuthorizerProps(
            provider=self._props.provider,
            name=name,
            topology_name=self._title(id_, name),
            rest_api_id=self._props.api_id,
            execution_arn=self._props.execution_arn,
            function=self._user_function(id_, name, declared),
            receives=declared.type,
            identity_header=declared.identity_header,
            identity_pattern=declared.identity_pattern,
            result_ttl_seconds=declared.result_ttl_seconds,
            timeout_seconds=declared.timeout_seconds,
            memory_megabytes=declared.memory_megabytes,
            staging=self._props.staging,
            logs=self._props.logs,
        )
        authorizer = self._lambda_authorizer(self, id_, props)
        self._definition += authorizer.definition
        if authorizer.clients_secret_arn is not None:
            self._clients_secret_arns[id_] = authorizer.clients_secret_arn
        return authorizer.admission
