"""What the public API answers by itself: errors, and preflight requests of browsers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.cors_preflight import CorsPolicy, CorsPreflight, CorsPreflightProps
from constructs_lib.gateway_response import GatewayResponse, GatewayResponseProps
from constructs_lib.names import path_slug
from constructs_lib.resource_tree import ResourceTree

if TYPE_CHECKING:
    from hatchway.topology.model import GatewayResponse as DeclaredResponse

DEFAULTS = ("DEFAULT_4XX", "DEFAULT_5XX")


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswersProps:
    """What `PublicAnswers` needs."""

    provider: AwsProvider
    """Provider of the gateway's account."""
    rest_api_id: str
    """The public API."""
    resources: ResourceTree
    """Its resources."""
    paths: Sequence[str]
    """Open paths, on which browsers may ask."""
    cors: CorsPolicy | None
    """Which pages may call; None for none."""
    responses: "Mapping[str, DeclaredResponse]"
    """Answers of API Gateway itself, by type."""


class PublicAnswers(Construct):
    """Answers that no private API gives.

    Terraform: those of `GatewayResponse` per type, and of `CorsPreflight` per open path.
    With CORS each of the answers carries what lets pages read it: a type that is set takes nothing from
    DEFAULT_4XX and DEFAULT_5XX. What private APIs answer has to carry the headers itself, since an
    HTTP_PROXY integration adds none.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/how-to-cors.html
    """

    def __init__(self, scope: Construct, id_: str, props: PublicAnswersProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._definition: list[str] = []
        self._add_responses()
        if props.cors is not None:
            for path in dict.fromkeys(props.paths):
                self._add_preflight(path, props.cors)

    @property
    def definition(self) -> tuple[str, ...]:
        """References to what a deployment is a snapshot of."""
        return tuple(self._definition)

    def _add_responses(self) -> None:
        props = self._props
        readable = {} if props.cors is None else props.cors.error_headers
        types = [*props.responses, *(() if props.cors is None else DEFAULTS)]
        for kind in dict.fromkeys(types):
            declared = props.responses.get(kind)
            own = {} if declared is None else {name: f"'{value}'" for name, value in declared.headers.items()}
            response = GatewayResponse(
                self,
                kind.lower(),
                GatewayResponseProps(
                    provider=props.provider,
                    rest_api_id=props.rest_api_id,
                    response_type=kind,
                    status=None if declared is None else declared.status,
                    headers={**readable, **own},
                    body=None if declared is None else declared.body,
                ),
            )
            self._definition += response.definition

    def _add_preflight(self, path: str, cors: CorsPolicy) -> None:
        name = "_".join(filter(None, ("public_cors", path_slug(path))))
        preflight = CorsPreflight(
            self,
            name,
            CorsPreflightProps(
                provider=self._props.provider,
                rest_api_id=self._props.rest_api_id,
                resource_id=self._props.resources.resource_id(path),
                policy=cors,
            ),
        )
        self._definition += preflight.definition
