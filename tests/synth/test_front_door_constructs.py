"""The front door in somebody else's CDKTF app, with values that are not known before the apply."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cdktf import App, TerraformStack, TerraformVariable, Token
from cdktf_cdktf_provider_aws.provider import AwsProvider

from constructs_lib.admission import EVERYONE
from constructs_lib.custom_domain import CustomDomain, CustomDomainProps
from constructs_lib.function_reference import FunctionReference
from constructs_lib.lambda_authorizer import LambdaAuthorizer, LambdaAuthorizerProps
from constructs_lib.public_method import PrivateTarget
from constructs_lib.public_rest_api import PublicRestApi, PublicRestApiProps, PublicStage
from constructs_lib.public_routes import PublicRoutes, PublicRoutesProps, Route
from constructs_lib.usage_plan import RequestQuota, UsagePlan, UsagePlanProps
from constructs_lib.web_acl import WebAcl, WebAclProps
from tests.synth.synthesized import Document, Stack


class Door(TerraformStack):
    """A stack of a user's, whose values all come from variables."""

    def __init__(self, app: App, staging: Path) -> None:
        super().__init__(app, "door")
        self._staging = staging
        # The bindings pin the one version they were generated from.
        self.add_override("terraform.required_providers.aws.version", ">= 5.100.0, < 7.0.0")
        self._provider = AwsProvider(self, "Aws", region="eu-west-1", alias="edge")
        self._api = PublicRestApi(
            self,
            "public",
            PublicRestApiProps(
                provider=self._provider,
                name=self._text("name"),
                requires_parameters=False,
                binary_media_types=Token.as_list(self._variable("media_types").list_value),
                minimum_compression_bytes=Token.as_number(self._variable("bytes").number_value),
            ),
        )
        authorizer = self._add_authorizer()
        routes = self._add_routes(authorizer)
        stage = PublicStage(name=self._text("stage"))
        self._stage = self._api.deploy(stage, [*routes.definition, *authorizer.definition], [])
        self._add_door()

    def _variable(self, name: str) -> TerraformVariable:
        return TerraformVariable(self, name)

    def _text(self, name: str) -> str:
        return self._variable(name).string_value

    def _add_authorizer(self) -> LambdaAuthorizer:
        props = LambdaAuthorizerProps(
            provider=self._provider,
            name="gate",
            topology_name="door",
            rest_api_id=self._api.rest_api_id,
            execution_arn=self._api.execution_arn,
            function=FunctionReference.from_arn(self._text("function_arn")),
            result_ttl_seconds=60,
            timeout_seconds=5,
            memory_megabytes=256,
            staging=self._staging,
        )
        return LambdaAuthorizer(self, "gate", props)

    def _add_routes(self, authorizer: LambdaAuthorizer) -> PublicRoutes:
        target = PrivateTarget(
            vpc_link_id=self._text("vpc_link_id"),
            rest_api_id=self._text("private_api_id"),
            url=self._text("private_url"),
        )
        props = PublicRoutesProps(
            provider=self._provider,
            rest_api_id=self._api.rest_api_id,
            resources=self._api.resources,
            path="/orders",
            everything=None,
            routes=[
                Route(path="/", http_method="GET", admission=EVERYONE, timeout_milliseconds=29000),
                Route(path="/{id}", admission=authorizer.admission, timeout_milliseconds=29000),
            ],
            target=target,
        )
        return PublicRoutes(self, "orders", props)

    def _add_door(self) -> None:
        UsagePlan(
            self,
            "basic",
            UsagePlanProps(
                provider=self._provider,
                name=self._text("plan"),
                rest_api_id=self._api.rest_api_id,
                stage_name=self._stage.stage_name,
                api_keys=["acme"],
                quota=RequestQuota(requests=10, period="DAY"),
            ),
        )
        CustomDomain(
            self,
            "domain",
            CustomDomainProps(
                provider=self._provider,
                name=self._text("domain_name"),
                rest_api_id=self._api.rest_api_id,
                stage_name=self._stage.stage_name,
                hosted_zone_id=self._text("zone"),
                base_path=self._text("base_path"),
            ),
        )
        props = WebAclProps(
            provider=self._provider, name="door", allowed_cidrs=self._variable("cidrs").list_value
        )
        WebAcl(self, "firewall", props)


@pytest.fixture(scope="module")
def outdir(tmp_path_factory: pytest.TempPathFactory):
    """Where the app is synthesized to."""
    folder = tmp_path_factory.mktemp("door")
    app = App(outdir=str(folder / "cdktf.out"))
    Door(app, folder)
    app.synth()
    return folder / "cdktf.out"


@pytest.fixture(scope="module")
def door(outdir: Path):
    return Stack((outdir / "stacks" / "door" / "cdk.tf.json").read_text())


def only(stack: Stack, kind: str):
    (body,) = stack.of_kind(kind).values()
    return body


def test_references_stay_references(door: Stack) -> None:
    api, authorizer = only(door, "aws_api_gateway_rest_api"), only(door, "aws_api_gateway_authorizer")
    web_acl = only(door, "aws_wafv2_ip_set")

    assert api["name"] == "${var.name}"
    assert api["binary_media_types"] == "${var.media_types}"
    assert api["minimum_compression_size"] == "${var.bytes}"
    assert web_acl["addresses"] == "${var.cidrs}"
    assert authorizer["authorizer_uri"] == (
        'arn:${element(split(":", var.function_arn), 1)}:apigateway:'
        '${element(split(":", var.function_arn), 3)}'
        ":lambda:path/2015-03-31/functions/${var.function_arn}/invocations"
    )
    assert only(door, "aws_lambda_permission")["function_name"] == "${var.function_arn}"
    assert only(door, "aws_api_gateway_base_path_mapping")["base_path"] == "${var.base_path}"


def test_private_url_is_put_before_each_path(door: Stack) -> None:
    uris = {body["uri"] for body in door.of_kind("aws_api_gateway_integration").values()}

    assert uris == {"${var.private_url}", "${var.private_url}/{id}"}


def test_the_app_is_valid(validate: Callable[[Path], Document], outdir: Path) -> None:
    verdict = validate(outdir / "stacks" / "door")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
