"""A route of a private API: a method, a path, and what answers."""

from dataclasses import dataclass
from typing import Any, Self

from constructs_lib.function_reference import FunctionReference
from hatchway.topology.model import ApiRoute, LambdaFunction


@dataclass(frozen=True, slots=True, kw_only=True)
class MockAnswer:
    """API Gateway answers by itself."""

    status: int = 200
    body: Any = None
    """Answered as JSON; nothing is answered for None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """A web server answers."""

    url: str
    """`{NAME}` takes the path variable of that name."""
    timeout_milliseconds: int = 29000


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionAnswer:
    """A function answers that somebody else made: the API gets the permission to invoke it."""

    id: str
    """What it is called in Terraform addresses."""
    function: FunctionReference
    """The function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateRoute:
    """A method on a path of a private API."""

    http_method: str
    """HTTP method, or ANY."""
    path: str
    """Path of the resource, with its variables: `/items/{id}`."""
    answer: MockAnswer | HttpAnswer | FunctionAnswer | LambdaFunction
    """What answers. A `LambdaFunction` is a folder of sources or the ARN of a function."""

    @classmethod
    def from_declared(cls, route: ApiRoute) -> Self:
        """The route as the topology declares it."""
        answer: MockAnswer | HttpAnswer | LambdaFunction
        if route.mock is not None:
            answer = MockAnswer(status=route.mock.status, body=route.mock.body)
        elif route.http is not None:
            answer = HttpAnswer(url=route.http.url, timeout_milliseconds=route.http.timeout_milliseconds)
        elif route.lambda_ is not None:
            answer = route.lambda_
        else:
            raise ValueError(f"{route.method} {route.path} has nothing that answers")
        return cls(http_method=route.method, path=route.path, answer=answer)
