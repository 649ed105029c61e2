"""Lambda functions: of the user, created from a folder or existing."""

from typing import ClassVar, Literal

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import EnvironmentName, FunctionArn, FunctionHandler, RelativePath


class FunctionToCreate(Declared):
    """A Lambda function from a folder of source files, which is packed as it is."""

    directory: RelativePath = Field(
        examples=["functions/orders"], description="Folder of the sources, beside the topology's file."
    )
    handler: FunctionHandler = Field(
        examples=["app.handler"], description="Where the function starts, as its runtime writes it."
    )
    runtime: Literal[
        "python3.11", "python3.12", "python3.13", "nodejs20.x", "nodejs22.x", "provided.al2023"
    ] = Field(examples=["python3.12"], default="python3.12", description="Runtime of the function.")
    timeout_seconds: int = Field(examples=[10], default=10, ge=1, le=900, description="Time limit.")
    memory_megabytes: int = Field(examples=[512], default=256, ge=128, le=10240, description="Memory.")
    environment: dict[EnvironmentName, str] = Field(
        examples=[{"TABLE": "orders"}],
        default={},
        description="Environment variables. Not for secrets: they are readable in the state and the console.",
    )


class LambdaFunction(Declared):
    """A Lambda function: created, or existing. Exactly one of the two."""

    choices: ClassVar[tuple[str, ...]] = ("create", "existing")

    create: FunctionToCreate | None = Field(default=None, description="Create this function.")
    existing: FunctionArn | None = Field(
        examples=["arn:aws:lambda:eu-west-1:222222222222:function:orders"],
        default=None,
        description=(
            "ARN of a function. Hatchway adds the permission to invoke it, so it lies in the same account."
        ),
    )
