"""The requests under `services.SERVICE.checks`."""

from typing import Any

from pydantic import Field

from hatchway.topology.model.declared import Declared
from hatchway.topology.values import CheckRequest, HeaderName

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing. https://www.rfc-editor.org/rfc/rfc9110#name-safe-methods"""


class Expectation(Declared):
    """What an answer has to be."""

    status: int = Field(examples=[200], default=200, ge=100, le=599, description="HTTP status.")
    json_: Any = Field(
        examples=[{"response": "integration-successful"}],
        default=None,
        alias="json",
        description="JSON that the body has to contain; null asks for nothing.",
    )
    json_schema: dict[str, Any] | None = Field(
        examples=[{"type": "object", "required": ["response"]}],
        default=None,
        description="JSON Schema that the body has to satisfy; it may refer to nothing outside of itself.",
    )
    headers: dict[HeaderName, str] = Field(
        examples=[{"Content-Type": "application/json"}],
        default={},
        description="Headers that the answer has to have, each with exactly this value.",
    )
    latency_milliseconds: int | None = Field(
        examples=[1000],
        default=None,
        ge=1,
        le=300000,
        description="Most time that the answer may take, connection included.",
    )


class Check(Declared):
    """A request to the public API, and what it has to answer."""

    request: CheckRequest = Field(
        examples=["GET /orders/items/1"],
        description="Method and path as a caller of the public API writes them, without the stage.",
    )
    expect: Expectation = Field(default=Expectation(), description="What it has to answer.")

    load: bool | None = Field(
        examples=[False],
        default=None,
        description="Whether `hatchway verify --load` sends it; by default if it is GET, HEAD or OPTIONS. "
        "With true it is sent as often as the load asks for, whatever it changes.",
    )

    @property
    def method(self) -> str:
        """HTTP method of the request."""
        return self.request.split(" ", 1)[0]

    @property
    def path(self) -> str:
        """Path of the request on the public API, without the stage, with its leading slash."""
        return self.request.split(" ", 1)[1]

    @property
    def is_for_load(self) -> bool:
        """Whether it may be sent any number of times."""
        return self.method in SAFE_METHODS if self.load is None else self.load
