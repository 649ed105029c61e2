"""A Lambda function as API Gateway and permissions name it."""

from dataclasses import dataclass
from typing import Self

from cdktf import Fn, Token

NAME = ":function:"
PARTITION, REGION = 1, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionReference:
    """A function that is there, whoever made it."""

    function_name: str
    """Name, or ARN without version and alias."""
    invoke_arn: str
    """ARN under which API Gateway invokes it."""
    qualifier: str | None = None
    """Version or alias that is meant, if one is."""

    @classmethod
    def from_arn(cls, arn: str) -> Self:
        """Refers to a function by its ARN; adds no resource.

        Args:
            arn: ARN, with a version or alias if that is meant. A token is taken for one without.
        """
        if Token.is_unresolved(arn):
            return cls(function_name=arn, invoke_arn=_invoke_arn(arn))
        start, _, name = arn.partition(NAME)
        name, _, qualifier = name.partition(":")
        return cls(
            function_name=f"{start}{NAME}{name}", invoke_arn=_invoke_arn(arn), qualifier=qualifier or None
        )


def _invoke_arn(arn: str) -> str:
    """The form in which API Gateway takes a function's ARN.

    https://docs.aws.amazon.com/apigateway/latest/api/API_CreateAuthorizer.html
    """
    if Token.is_unresolved(arn):
        parts = Fn.split(":", arn)
        partition, region = (Token.as_string(Fn.element(parts, index)) for index in (PARTITION, REGION))
    else:
        partition, region = (arn.split(":")[index] for index in (PARTITION, REGION))
    return f"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
