"""Hundreds of services that answer in a sandbox, without hundreds of runs of Terraform.

Terraform deploys one service; the others are made of it through the AWS APIs: the same private API once more,
and the same resources of the public API in front of it. They share its endpoint, load balancer and VPC link.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from benchmarks.processes import run
from benchmarks.results import ROOT
from hatchway.sandbox import Sandbox
from hatchway.topology import load

ARTICLE = ROOT / "examples" / "article" / "hatchway.yaml"
FIRST = "service-000"
STAGE = "v1"
OUTPUTS = "outputs.json"
TOPOLOGY = "hatchway.yaml"


def document(services: int) -> dict[str, Any]:
    """The article with so many services, all of which share one bulkhead."""
    article: dict[str, Any] = YAML(typ="safe").load(ARTICLE)
    first = article["services"]["orders"]
    article["gateway"] |= {"api_id_header": "pinned", "raised_quotas": {"resources": 3 * services}}
    article["services"] = {
        f"service-{number:03}": first
        | {
            "path": f"/service-{number:03}",
            "isolation": "shared",
            "checks": [first["checks"][0] | {"request": f"GET /service-{number:03}/test"}],
        }
        for number in range(services)
    }
    return article


def deploy(sandbox: Sandbox, folder: Path, services: int) -> None:
    """Puts so many services into a sandbox, with their topology and outputs into a folder."""
    topology = folder / TOPOLOGY
    _write(topology, document(1))
    declared = load(topology)
    sandbox.prepare(declared)
    hatchway = Path(sys.executable).with_name("hatchway")
    command: list[str | Path] = [hatchway, "deploy", "--yes", "--topology", topology]
    run(command, cwd=ROOT, environ={**sandbox.environment(), "CDKTF_OUTDIR": str(folder / "cdktf.out")})
    sandbox.credentials(declared)
    outputs = sandbox.outputs(declared, "gateway")
    apis = {FIRST: outputs["private_api_ids"][FIRST]}
    private = _Api(_client(sandbox, declared, "orders", "apigateway"), apis[FIRST])
    public = _Api(_client(sandbox, declared, "edge", "apigateway"), outputs["rest_api_id"])
    subtree = public.below(f"/{FIRST}")
    for name in list(document(services)["services"])[1:]:
        apis[name] = private.again(name, STAGE)
        public.put(subtree, {FIRST: name, apis[FIRST]: apis[name]})
    public.deploy(outputs["stage_name"])
    _allow(_client(sandbox, declared, "orders", "ec2"), apis)
    _write(topology, document(services))
    _write(folder / OUTPUTS, {"gateway": outputs | {"private_api_ids": apis}})


class _Api:
    """A REST API whose resources are made again under other names."""

    def __init__(self, client: Any, api_id: str) -> None:  # noqa: ANN401 -- boto3's clients have no type
        self._client = client
        self._id = api_id
        self._known: dict[str, str] = {}

    def again(self, name: str, stage: str) -> str:
        """Makes the whole API once more; returns the id of the new one."""
        found = self._client.get_rest_api(restApiId=self._id)
        made = self._client.create_rest_api(name=name, endpointConfiguration=found["endpointConfiguration"])
        copy = _Api(self._client, made["id"])
        # API Gateway returns the policy as the inside of a JSON string.
        policy = json.loads(f'"{found["policy"]}"').replace(self._id, made["id"])
        self._client.update_rest_api(
            restApiId=made["id"], patchOperations=[{"op": "replace", "path": "/policy", "value": policy}]
        )
        copy.put(self.below("/"), {})
        copy.deploy(stage)
        return str(made["id"])

    def below(self, path: str) -> list[dict[str, Any]]:
        """Lists the resources at a path and below it, each after its parent."""
        pages = self._client.get_paginator("get_resources").paginate(restApiId=self._id, embed=["methods"])
        found = [each for page in pages for each in page["items"]]
        return sorted(
            (it for it in found if f"{it['path']}/".startswith(path.rstrip("/") + "/")),
            key=lambda it: it["path"],
        )

    def put(self, resources: list[dict[str, Any]], other: Mapping[str, str]) -> None:
        """Makes resources, with something else in place of some words."""
        # To list them for each of hundreds of services would take longer than to make them.
        known = self._known or {it["path"]: it["id"] for it in self.below("/")}
        self._known = known
        for resource in resources:
            path = _with(resource["path"], other)
            if path not in known:
                parent = known[path.rpartition("/")[0] or "/"]
                made = self._client.create_resource(
                    restApiId=self._id, parentId=parent, pathPart=path.rpartition("/")[2]
                )
                known[path] = made["id"]
            for method in resource.get("resourceMethods", {}).values():
                self._put_method(known[path], method, other)

    def _put_method(self, resource: str, method: dict[str, Any], other: Mapping[str, str]) -> None:
        verb = method["httpMethod"]
        where = {"restApiId": self._id, "resourceId": resource, "httpMethod": verb}
        taken = ("authorizationType", "authorizerId", "apiKeyRequired", "requestParameters")
        self._client.put_method(**where, **{key: method[key] for key in taken if key in method})
        integration = dict(method["methodIntegration"])
        replies = integration.pop("integrationResponses", {})
        sent = {key: value for key, value in integration.items() if key not in _NOT_SENT}
        sent["integrationHttpMethod"] = integration.get("httpMethod", verb)
        self._client.put_integration(**where, **_with(sent, other))
        for status in method.get("methodResponses", {}):
            self._client.put_method_response(**where, statusCode=status)
        for reply in replies.values():
            self._client.put_integration_response(**where, **reply)

    def deploy(self, stage: str) -> None:
        """Lets a stage serve what the API is now."""
        self._client.create_deployment(restApiId=self._id, stageName=stage)


_NOT_SENT = ("httpMethod", "cacheNamespace", "cacheKeyParameters")


def _with(value: Any, other: Mapping[str, str]) -> Any:  # noqa: ANN401 -- JSON
    text = json.dumps(value)
    for old, new in other.items():
        text = text.replace(old, new)
    return json.loads(text)


def _client(sandbox: Sandbox, declared: Any, account: str, service: Any) -> Any:  # noqa: ANN401 -- boto3's clients
    owner = declared.accounts[account]
    return sandbox.session(owner.deploy_role, owner.region).client(service)


def _allow(ec2: Any, apis: Mapping[str, str]) -> None:  # noqa: ANN401 -- the same
    """Lets the endpoint pass calls of all the APIs."""
    first, *_ = apis.values()
    for endpoint in ec2.describe_vpc_endpoints()["VpcEndpoints"]:
        policy = json.loads(endpoint["PolicyDocument"])
        for statement in policy["Statement"]:
            stated = statement["Resource"]
            named = [stated] if isinstance(stated, str) else stated
            statement["Resource"] = [each.replace(first, api) for each in named for api in apis.values()]
        ec2.modify_vpc_endpoint(VpcEndpointId=endpoint["VpcEndpointId"], PolicyDocument=json.dumps(policy))


def _write(path: Path, document: Any) -> None:  # noqa: ANN401 -- JSON, which is YAML as well
    path.write_text(json.dumps(document), encoding="utf-8")
