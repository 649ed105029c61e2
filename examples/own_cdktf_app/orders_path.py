"""Someone else's CDKTF app that uses Hatchway's constructs, without a topology file.

One stack in two accounts: a private API behind an endpoint in the service's account, and the public API
with what leads there in the gateway's. Networks exist, and their ids come in as variables.
"""

from cdktf import App, TerraformOutput, TerraformStack, TerraformVariable
from cdktf_cdktf_provider_aws.provider import AwsProvider
from constructs import Construct

from constructs_lib.admission import SIGNED_REQUESTS
from constructs_lib.allowed_callers import AllowedCallers
from constructs_lib.bulkhead import Bulkhead, BulkheadProps
from constructs_lib.execute_api_endpoint import (
    EndpointReference,
    ExecuteApiEndpoint,
    ExecuteApiEndpointProps,
)
from constructs_lib.execute_api_endpoint_policy import ExecuteApiEndpointPolicy, ExecuteApiEndpointPolicyProps
from constructs_lib.function_reference import FunctionReference
from constructs_lib.network import NetworkReference, SubnetReference
from constructs_lib.private_rest_api import PrivateRestApi, PrivateRestApiProps
from constructs_lib.private_route import FunctionAnswer, HttpAnswer, MockAnswer, PrivateRoute
from constructs_lib.public_method import PrivateTarget
from constructs_lib.public_rest_api import PublicRestApi, PublicRestApiProps, PublicStage
from constructs_lib.public_routes import PublicRoutes, PublicRoutesProps, Route
from constructs_lib.rest_api_reference import RestApiReference
from constructs_lib.stack import AWS_PROVIDER_VERSIONS
from hatchway.topology.partition import execute_api_host, execute_api_service_name

REGION = "eu-west-1"
STAGE = "v1"
TIMEOUT_MILLISECONDS = 10_000


class OrdersPath(TerraformStack):
    """The path from a public API to the private API of orders."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        # The bindings pin the one version they were generated from; the constructs need none that new.
        self.add_override("terraform.required_providers.aws.version", AWS_PROVIDER_VERSIONS)
        self._edge = AwsProvider(self, "Edge", region=REGION, alias="edge", profile="edge")
        self._orders = AwsProvider(self, "Orders", region=REGION, alias="orders", profile="orders")
        self._balancer_addresses = {name: self._variable(f"balancer_{name}") for name in ("a", "b")}
        endpoint = self._add_endpoint()
        api = self._add_private_api(endpoint)
        self._add_public_api(endpoint, api)

    def _add_endpoint(self) -> EndpointReference:
        props = ExecuteApiEndpointProps(
            provider=self._orders,
            network=self._network("orders", "10.1.0.0/16"),
            service_name=execute_api_service_name(REGION),
            addresses={name: self._variable(f"endpoint_{name}") for name in ("a", "b")},
            client_addresses=self._balancer_addresses,
            display_name="orders-execute-api",
        )
        return ExecuteApiEndpoint(self, "Endpoint", props).reference

    def _add_private_api(self, endpoint: EndpointReference) -> RestApiReference:
        stock = FunctionReference.from_arn(self._variable("function_arn"))
        props = PrivateRestApiProps(
            provider=self._orders,
            name="orders-private",
            vpc_endpoint_id=endpoint.vpc_endpoint_id,
            callers=AllowedCallers(vpc_endpoint_ids=[endpoint.vpc_endpoint_id], vpc_ids=[endpoint.vpc_id]),
            stage_name=STAGE,
            routes=[
                PrivateRoute(http_method="GET", path="/test", answer=MockAnswer(body={"answer": "fine"})),
                PrivateRoute(
                    http_method="GET", path="/stock/{id}", answer=FunctionAnswer(id="stock", function=stock)
                ),
                PrivateRoute(
                    http_method="GET", path="/prices", answer=HttpAnswer(url=self._variable("prices_url"))
                ),
            ],
        )
        api = PrivateRestApi(self, "Private", props).reference
        policy = ExecuteApiEndpointPolicyProps(
            provider=self._orders,
            vpc_endpoint_id=endpoint.vpc_endpoint_id,
            execution_arns=[api.execution_arn],
        )
        ExecuteApiEndpointPolicy(self, "EndpointPolicy", policy)
        return api

    def _add_public_api(self, endpoint: EndpointReference, api: RestApiReference) -> None:
        public = PublicRestApi(
            self, "Public", PublicRestApiProps(provider=self._edge, name="gateway", requires_parameters=False)
        )
        way = Bulkhead(
            self,
            "Way",
            BulkheadProps(
                provider=self._edge,
                network=self._network("edge", "10.0.0.0/16"),
                display_name="orders",
                load_balancer_addresses=self._balancer_addresses,
                endpoint_addresses=endpoint.addresses,
                endpoint_is_outside=True,
            ),
        )
        target = PrivateTarget(
            vpc_link_id=way.vpc_link_id,
            rest_api_id=api.rest_api_id,
            url=f"https://{execute_api_host(api.rest_api_id, REGION)}/{STAGE}/",
        )
        everything = Route(path="/", admission=SIGNED_REQUESTS, timeout_milliseconds=TIMEOUT_MILLISECONDS)
        routes = PublicRoutesProps(
            provider=self._edge,
            rest_api_id=public.rest_api_id,
            resources=public.resources,
            path="/orders",
            everything=everything,
            target=target,
        )
        added = PublicRoutes(self, "Routes", routes)
        public.deploy(PublicStage(name="live"), (*added.definition, way.vpc_link_id), way.serves_through)
        url = f"https://{execute_api_host(public.rest_api_id, REGION)}/live/orders"
        TerraformOutput(self, "url", value=url)

    def _network(self, name: str, cidr: str) -> NetworkReference:
        subnets = {
            subnet: SubnetReference(subnet_id=self._variable(f"{name}_subnet_{subnet}"), route_table_id=None)
            for subnet in ("a", "b")
        }
        vpc_id = self._variable(f"{name}_vpc_id")
        return NetworkReference(name=name, account=name, cidr=cidr, vpc_id=vpc_id, subnets=subnets)

    def _variable(self, name: str) -> str:
        value: str = TerraformVariable(self, name, type="string").string_value
        return value


def main(outdir: str | None = None) -> None:
    """Synthesizes the app, by default into `cdktf.out`."""
    app = App(outdir=outdir)
    OrdersPath(app, "orders-path")
    app.synth()


if __name__ == "__main__":
    main()
