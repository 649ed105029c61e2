"""A private API as other constructs use it."""

from dataclasses import dataclass
from typing import Self

from hatchway.topology.partition import partition


@dataclass(frozen=True, slots=True, kw_only=True)
class RestApiReference:
    """A private REST API with its stage, whoever made it."""

    rest_api_id: str
    execution_arn: str
    """ARN of the API as policies name it."""
    stage_name: str
    """Name of the stage; a reference where the stage is made here, so that a reader waits for it."""

    @classmethod
    def from_existing(cls, rest_api_id: str, stage_name: str, *, region: str, account_id: str) -> Self:
        """Refers to an API that Hatchway does not own; adds no resource."""
        return cls(
            rest_api_id=rest_api_id,
            execution_arn=execution_arn(rest_api_id, region, account_id),
            stage_name=stage_name,
        )


def execution_arn(rest_api_id: str, region: str, account_id: str) -> str:
    """ARN of an API as policies name it.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html
    """
    return f"arn:{partition(region)}:execute-api:{region}:{account_id}:{rest_api_id}"
