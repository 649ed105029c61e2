"""Hatchway's own check of callers' tokens."""

from dataclasses import dataclass, field
from pathlib import Path

from cdktf_cdktf_provider_aws.provider import AwsProvider
from cdktf_cdktf_provider_aws.secretsmanager_secret import SecretsmanagerSecret
from constructs import Construct

from constructs_lib.authorizer_function import AuthorizerFunction, AuthorizerFunctionProps
from constructs_lib.log_group import LogSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientTokensProps:
    """What `ClientTokens` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    name: str
    """Start of the names of what is created."""
    identity_header: str
    """Header that carries the token."""
    timeout_seconds: int
    """Time limit of the function."""
    memory_megabytes: int
    """Memory of the function."""
    staging: Path
    """Folder for the function's package until synth copies it."""
    logs: LogSettings = field(default_factory=LogSettings)
    """How the function's log is kept."""


class ClientTokens(Construct):
    """A function that knows callers by digests of their tokens, and the secret that holds those.

    Terraform: `aws_secretsmanager_secret`, and those of `AuthorizerFunction`.
    The secret is made without a value: who issues tokens writes it, and Terraform's state never holds it.
    Until then nobody gets in.
    """

    def __init__(self, scope: Construct, id_: str, props: ClientTokensProps) -> None:
        super().__init__(scope, id_)
        self._secret = SecretsmanagerSecret(
            self,
            "Secret",
            provider=props.provider,
            name_prefix=f"{props.name}-clients-",
            description='Callers of the public API: {"<principal>": "<SHA-256 of its token in hex>"}',
        )
        function = AuthorizerFunctionProps(
            provider=props.provider,
            name=f"{props.name}-authorizer",
            clients_secret_arn=self._secret.arn,
            identity_header=props.identity_header,
            timeout_seconds=props.timeout_seconds,
            memory_megabytes=props.memory_megabytes,
            staging=props.staging,
            logs=props.logs,
        )
        self._function = AuthorizerFunction(self, "Function", function)

    @property
    def secret_arn(self) -> str:
        """ARN of the secret with the digests."""
        return self._secret.arn

    @property
    def function_name(self) -> str:
        """Name of the function."""
        return self._function.function_name

    @property
    def invoke_arn(self) -> str:
        """ARN under which API Gateway invokes it."""
        return self._function.invoke_arn
