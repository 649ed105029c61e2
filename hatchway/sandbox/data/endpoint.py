"""An interface VPC endpoint for execute-api: the TLS server behind each of its addresses.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
"""

import re
import socket
from collections.abc import Callable
from dataclasses import replace

from hatchway.sandbox.authority import Authority
from hatchway.sandbox.data.authorization import denied
from hatchway.sandbox.data.fabric import Fabric, Serve
from hatchway.sandbox.data.flows import Flow, reset
from hatchway.sandbox.data.gateway_responses import FORBIDDEN, GatewayError, render
from hatchway.sandbox.data.health import PING_PATH
from hatchway.sandbox.data.hop_log import HopLog
from hatchway.sandbox.data.http_server import serve_http
from hatchway.sandbox.data.invocation import Hops, Invocation, method_arn
from hatchway.sandbox.data.message import Answer, Caller, Request, new_request_id, request_identity
from hatchway.sandbox.data.policy import Decision, PolicyRequest, evaluate
from hatchway.sandbox.data.rest_api import RestApis
from hatchway.sandbox.data.signatures import verify_signature
from hatchway.sandbox.data.stages import find_stage, split_stage
from hatchway.sandbox.data.world import Endpoint, Interface, RestApi, World

__all__ = ["Endpoints", "identify"]

API_ID_HEADER = "x-apigw-api-id"
_HOPS = Hops(api="private-api", authorizer="private-api", integration="backend")


class Endpoints:
    """Serves connections to endpoints' addresses, by what is deployed when each request comes."""

    def __init__(
        self, world: World, fabric: Fabric, authority: Authority, apis: RestApis, log: HopLog
    ) -> None:
        self._world = world
        self._fabric = fabric
        self._authority = authority
        self._apis = apis
        self._log = log

    def serve(self, endpoint_id: str, interface: Interface) -> Serve:
        """Returns what serves one address of an endpoint."""

        def answer(connection: socket.socket, peer_port: int, stopped: Callable[[], bool]) -> None:
            del stopped  # a stopped listener cuts the connection
            flow = self._fabric.flows.claim(peer_port)
            endpoint = self._find(endpoint_id)
            if flow is None or endpoint is None:
                reset(connection)
                return
            region = endpoint.region
            context = self._authority.server_context(
                f"*.execute-api.{region}.amazonaws.com",
                f"*.execute-api.{region}.vpce.amazonaws.com",
                f"execute-api.{region}.amazonaws.com",
            )
            serve_http(
                connection,
                context,
                lambda request: self._respond(endpoint_id, interface, request, flow),
                lambda error: self._log.failure(f"endpoint {endpoint_id}", error),
            )

        return answer

    def _find(self, endpoint_id: str) -> Endpoint | None:
        found = [e for e in self._world.endpoints() if e.id == endpoint_id and e.state == "available"]
        return found[0] if found else None

    def _respond(self, endpoint_id: str, interface: Interface, request: Request, flow: Flow) -> Answer:
        endpoint = self._find(endpoint_id)
        if endpoint is None:
            return render(GatewayError(FORBIDDEN, f"{endpoint_id} was deleted"))
        if request.path == PING_PATH:
            return Answer(status=200, headers=(("Content-Type", "text/plain"),), body=b"healthy")
        # The API Gateway of each account gives the request an id of its own.
        request_id, trace = new_request_id(), flow.trace
        hop = "endpoint"
        try:
            api = identify(self._world, endpoint, request)
            caller = Caller(
                source_address=flow.source_address, vpc_endpoint_id=endpoint.id, vpc_id=endpoint.vpc_id
            )
            stage_name, path = split_stage(request.path)
            inner = request.with_path(path)
            _endpoint_policy(self._world, endpoint, api, stage_name, inner, caller)
            trace.note("endpoint", "passed", f"{endpoint.id} at {interface.address} to {api.id}")
            hop = "private-api"
            stage = find_stage(api, stage_name)
            inner = _marked(inner, endpoint)
        except GatewayError as error:
            trace.note(hop, "refused", error.reason, status=error.kind.status)
            return render(error).with_headers(request_identity(request_id))
        invocation = Invocation(
            api=api,
            stage=stage,
            request=inner,
            caller=caller,
            trace=trace,
            hops=_HOPS,
            request_id=request_id,
        )
        return self._apis.answer(invocation)


def _marked(request: Request, endpoint: Endpoint) -> Request:
    """Adds what an endpoint adds; what the caller sent under those names is still there, beside it.

    That backends of private APIs get the three is seen in AWS's own examples
    (https://github.com/aws-samples/serverless-patterns/tree/main/eventbridge-private-api-customdomain).
    What becomes of a caller's own is not documented. That they stay is the worse of what is possible: what is
    safe here is safe if AWS replaces them. No policy looks at them: those go by the connection.
    """
    added = (
        ("x-amzn-vpc-id", endpoint.vpc_id),
        ("x-amzn-vpce-config", "1"),
        ("x-amzn-vpce-id", endpoint.id),
    )
    return replace(request, headers=(*request.headers, *added))


def identify(world: World, endpoint: Endpoint, request: Request) -> RestApi:
    """Finds the private API a request is for: by `x-apigw-api-id`, else by the name in `Host`.

    AWS documents each way by itself. That the header wins where both are given is our assumption; it is
    what the header is there for, since `Host` always has some value. The name `{api}-{endpoint}` works only
    where the endpoint is associated with the API.

    Raises:
        GatewayError: no such private API in this region.
    """
    named = request.header(API_ID_HEADER)
    if named is not None:
        api = world.rest_api(named)
    else:
        api = _by_host(world, endpoint, (request.header("Host") or "").partition(":")[0].lower())
    if api is None or not api.is_private or api.region != endpoint.region:
        given = f"{API_ID_HEADER}: {named}" if named is not None else f"Host: {request.header('Host')}"
        raise GatewayError(FORBIDDEN, f"{given} names no private API of {endpoint.region}")
    return api


def _by_host(world: World, endpoint: Endpoint, host: str) -> RestApi | None:
    suffix = re.escape(f".execute-api.{endpoint.region}.amazonaws.com")
    found = re.fullmatch(rf"([a-z0-9]+)(?:-(vpce-[0-9a-f]+))?{suffix}", host)
    if found is None:
        return None
    api = world.rest_api(found[1])
    if api is None or found[2] is None:
        return api
    associated = found[2] == endpoint.id and endpoint.id in api.vpc_endpoint_ids
    return api if associated else None


def _endpoint_policy(  # noqa: PLR0913, PLR0917 - what a policy is judged by
    world: World, endpoint: Endpoint, api: RestApi, stage_name: str, request: Request, caller: Caller
) -> None:
    """https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-vpc-endpoint-policies.html.

    With a policy of one's own, the Authorization header says who calls: a signature has to be good, anything
    else makes an anonymous caller.
    """
    if endpoint.has_default_policy or endpoint.policy is None:
        return
    principal: dict[str, tuple[str, ...]] = {}
    if (request.header("Authorization") or "").startswith("AWS4-HMAC-SHA256"):
        path = f"/{stage_name}{request.path}"
        principal = {"AWS": verify_signature(request, path, endpoint.region, world.credentials).principals}
    arn = method_arn(api, stage_name, request)
    what = PolicyRequest(
        action="execute-api:Invoke", resource=arn, principal=principal, context=caller.policy_context()
    )
    decision = evaluate(endpoint.policy, what)
    if decision is not Decision.ALLOW:
        explicit = decision is Decision.DENY
        why = "the endpoint policy denies" if explicit else "the endpoint policy does not allow"
        raise denied(arn, explicit=explicit, why=why)
