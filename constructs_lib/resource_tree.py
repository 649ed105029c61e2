"""The resources of a REST API: the tree of its paths."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.api_gateway_resource import ApiGatewayResource
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.deployed_stage import references
from constructs_lib.names import path_slug


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceTreeProps:
    """What `ResourceTree` needs."""

    provider: AwsProvider
    """Provider of the account of the API."""
    rest_api_id: str
    """The API."""
    root_resource_id: str
    """Its resource `/`, which every API has."""


class ResourceTree(Construct):
    """Resources by path, each defined once, however many methods ask for it.

    Terraform: `aws_api_gateway_resource`.
    """

    def __init__(self, scope: Construct, id_: str, props: ResourceTreeProps) -> None:
        super().__init__(scope, id_)
        self._props = props
        self._ids = {"/": props.root_resource_id}
        self._definition: list[str] = []

    @property
    def definition(self) -> tuple[str, ...]:
        """References to all resources so far, for the redeployment trigger."""
        return tuple(self._definition)

    def resource_id(self, path: str) -> str:
        """Id of the resource of a path; defines it and its parents if they are not there yet."""
        if path not in self._ids:
            parent, _, part = path.rpartition("/")
            resource = ApiGatewayResource(
                Construct(self, path_slug(path)),
                "Resource",
                provider=self._props.provider,
                rest_api_id=self._props.rest_api_id,
                parent_id=self.resource_id(parent or "/"),
                path_part=part,
            )
            self._ids[path] = resource.id
            self._definition += references(resource, "parent_id", "path_part")
        return self._ids[path]
