import pytest
from botocore.exceptions import ClientError
from moto.apigateway.models import apigateway_backends

HEADER = "integration.request.header.x-apigw-api-id"
SENT = "method.request.header.x-apigw-api-id"
URI = "https://x.execute-api.eu-west-1.amazonaws.com/v1/"


class Api:
    """An API with one method whose integration goes over a VPC link."""

    def __init__(self, client):
        self.client = client
        self.id = client.create_rest_api(name="a", endpointConfiguration={"types": ["REGIONAL"]})["id"]
        self.root = client.get_resources(restApiId=self.id)["items"][0]["id"]
        self.link = self.new_link()
        self.place = {"restApiId": self.id, "resourceId": self.root, "httpMethod": "ANY"}
        client.put_method(**self.place, authorizationType="NONE", requestParameters={SENT: True})
        client.put_method_response(**self.place, statusCode="200", responseModels={"text/a": "Empty"})
        client.put_integration(
            **self.place,
            type="HTTP_PROXY",
            integrationHttpMethod="ANY",
            uri=URI,
            connectionType="VPC_LINK",
            connectionId=self.link,
            requestParameters={HEADER: SENT},
        )
        client.put_integration_response(
            **self.place, statusCode="200", responseTemplates={"application/json": "old"}
        )

    def new_link(self):
        return self.client.create_vpc_link(name="l", targetArns=["arn:aws:elasticloadbalancing:x"])["id"]

    def integration(self, *operations):
        return self.client.update_integration(**self.place, patchOperations=list(operations))

    def method(self, *operations):
        return self.client.update_method(**self.place, patchOperations=list(operations))


def op(name, path, value=None):
    return {"op": name, "path": path, **({} if value is None else {"value": value})}


@pytest.fixture
def api(aws):
    return Api(aws("apigateway"))


def refused(match, code="BadRequestException"):
    return pytest.raises(ClientError, match=rf"{code}.*{match}")


def test_passthrough_becomes_pinned_in_place(api):
    api.integration(op("replace", f"/requestParameters/{HEADER}", "'abc'"))
    api.method(op("remove", f"/requestParameters/{SENT}"))
    assert api.client.get_integration(**api.place)["requestParameters"] == {HEADER: "'abc'"}
    assert api.client.get_method(**api.place)["requestParameters"] == {}


def test_pinned_becomes_passthrough_in_place(api):
    api.integration(op("remove", f"/requestParameters/{HEADER}"))
    api.integration(op("add", f"/requestParameters/{HEADER}", SENT))
    assert api.client.get_integration(**api.place)["requestParameters"] == {HEADER: SENT}


def test_timeout_address_and_link_of_an_integration_change_in_place(api):
    link = api.new_link()
    api.integration(
        op("replace", "/timeoutInMillis", "10000"),
        op("replace", "/uri", URI + "{proxy}"),
        op("replace", "/connectionId", link),
    )
    found = api.client.get_integration(**api.place)
    assert (found["timeoutInMillis"], found["uri"], found["connectionId"]) == (10000, URI + "{proxy}", link)


def test_a_link_that_no_integration_uses_any_more_can_be_deleted_after_a_deployment(api):
    api.client.create_deployment(restApiId=api.id, stageName="live")
    api.integration(op("replace", "/connectionId", api.new_link()))
    with refused("is referenced in"):
        api.client.delete_vpc_link(vpcLinkId=api.link)
    api.client.create_deployment(restApiId=api.id, stageName="live")
    api.client.delete_vpc_link(vpcLinkId=api.link)


def test_a_slash_and_a_tilde_in_a_path_are_escaped(api):
    api.integration(op("add", "/requestTemplates/application~1json", "one"))
    api.integration(op("add", "/requestTemplates/a~01b", "two"))
    found = api.client.get_integration(**api.place)["requestTemplates"]
    assert found == {"application/json": "one", "a~1b": "two"}


def test_cache_keys_are_added_and_removed_by_path(api):
    api.integration(op("add", f"/cacheKeyParameters/{SENT}", ""))
    assert api.client.get_integration(**api.place)["cacheKeyParameters"] == [SENT]
    api.integration(op("remove", f"/cacheKeyParameters/{SENT}", ""))
    assert api.client.get_integration(**api.place)["cacheKeyParameters"] == []


def test_verification_of_the_certificate_is_switched_in_place(api):
    api.integration(op("replace", "/tlsConfig/insecureSkipVerification", "true"))
    assert api.client.get_integration(**api.place)["tlsConfig"] == {"insecureSkipVerification": True}
    api.integration(op("replace", "/tlsConfig/insecureSkipVerification", "false"))
    assert api.client.get_integration(**api.place)["tlsConfig"] == {"insecureSkipVerification": False}


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (op("replace", "/type", "MOCK"), "Invalid patch path  '/type'"),
        (op("replace", "/requestParameters", "x"), "Invalid patch path"),
        (op("remove", "/timeoutInMillis"), "Please choose supported operations"),
        (op("replace", "/tlsConfig/other", "true"), "Must be one of: .insecureSkipVerification"),
        (op("replace", "/timeoutInMillis", "49"), "between 50 ms"),
        (op("replace", "/timeoutInMillis", "long"), "between 50 ms"),
        (op("replace", "/connectionId", "nosuch"), "Invalid Vpc Link identifier"),
        (op("replace", "/connectionId", ""), "ConnectionId is required"),
        (op("replace", "/uri", "ftp://x"), "Invalid HTTP endpoint"),
        (op("replace", f"/requestParameters/{HEADER}", "abc"), "Invalid mapping expression"),
        (op("add", "/requestParameters/x-apigw-api-id", "'abc'"), "Invalid mapping expression"),
        (
            op("add", "/requestParameters/integration.request.path.proxy", "method.request.path.proxy"),
            "Invalid mapping expression parameter specified: method.request.path.proxy",
        ),
    ],
)
def test_what_api_gateway_refuses_of_an_integration_is_refused(api, operation, message):
    before = api.client.get_integration(**api.place)
    with refused(message):
        api.integration(op("replace", "/timeoutInMillis", "5000"), operation)
    after = api.client.get_integration(**api.place)
    del before["ResponseMetadata"], after["ResponseMetadata"]
    assert after == before


def test_an_entry_that_is_not_there_can_be_added_and_not_replaced(api):
    with refused("nothing", "NotFoundException"):
        api.integration(op("replace", "/requestTemplates/nothing", "x"))


def test_a_mapping_of_an_undeclared_parameter_is_refused_at_creation_too(api):
    with refused("Invalid mapping expression parameter specified: method.request.querystring.q"):
        api.client.put_integration(
            **api.place,
            type="MOCK",
            requestParameters={"integration.request.header.q": "method.request.querystring.q"},
        )


def test_an_authorizer_is_put_on_a_method_in_place_and_taken_off(api):
    authorizer = api.client.create_authorizer(
        restApiId=api.id, name="a", type="REQUEST", authorizerUri="arn:x", identitySource="x"
    )["id"]
    api.method(op("replace", "/authorizationType", "CUSTOM"), op("replace", "/authorizerId", authorizer))
    assert api.client.get_method(**api.place)["authorizerId"] == authorizer
    api.method(op("replace", "/authorizationType", "NONE"), op("replace", "/authorizerId", ""))
    assert "authorizerId" not in api.client.get_method(**api.place)


@pytest.mark.parametrize(
    ("operation", "message"),
    [
        (op("replace", "/authorizationType", "CUSTOM"), "requires a valid authorizer"),
        (op("replace", "/requestValidatorId", "nosuch"), "Invalid Request Validator identifier"),
        (op("replace", "/httpMethod", "GET"), "Invalid patch path"),
        (op("replace", "/apiKeyRequired", "maybe"), "Invalid boolean"),
    ],
)
def test_what_api_gateway_refuses_of_a_method_is_refused(api, operation, message):
    with refused(message):
        api.method(operation)


def test_a_validator_and_scopes_are_set_on_a_method_in_place(api):
    validator = api.client.create_request_validator(restApiId=api.id, name="v")["id"]
    api.method(
        op("replace", "/requestValidatorId", validator),
        op("add", "/authorizationScopes", "a"),
        op("add", "/authorizationScopes", "b"),
        op("remove", "/authorizationScopes", "a"),
    )
    found = api.client.get_method(**api.place)
    assert (found["requestValidatorId"], found["authorizationScopes"]) == (validator, ["b"])


def test_responses_change_in_place(api):
    where = {**api.place, "statusCode": "200"}
    api.client.update_method_response(
        **where, patchOperations=[op("replace", "/responseModels/text~1a", "Error")]
    )
    api.client.update_integration_response(
        **where,
        patchOperations=[
            op("replace", "/responseTemplates/application~1json", "new"),
            op("replace", "/selectionPattern", "2.."),
        ],
    )
    assert api.client.get_method_response(**where)["responseModels"] == {"text/a": "Error"}
    found = api.client.get_integration_response(**where)
    assert (found["responseTemplates"], found["selectionPattern"]) == ({"application/json": "new"}, "2..")


def test_a_response_that_does_not_exist_cannot_be_changed(api):
    with refused("Invalid Response status code", "NotFoundException"):
        api.client.update_method_response(**api.place, statusCode="404", patchOperations=[])


def test_a_resource_is_renamed_and_the_root_is_not(api):
    child = api.client.create_resource(restApiId=api.id, parentId=api.root, pathPart="old")["id"]
    rename = [op("replace", "/pathPart", "new")]
    api.client.update_resource(restApiId=api.id, resourceId=child, patchOperations=rename)
    assert api.client.get_resource(restApiId=api.id, resourceId=child)["path"] == "/new"
    with refused("Root resource"):
        api.client.update_resource(restApiId=api.id, resourceId=api.root, patchOperations=rename)


def test_a_deployment_and_a_link_are_described_anew(api):
    deployment = api.client.create_deployment(restApiId=api.id)["id"]
    describe = [op("replace", "/description", "new")]
    api.client.update_deployment(restApiId=api.id, deploymentId=deployment, patchOperations=describe)
    api.client.update_vpc_link(vpcLinkId=api.link, patchOperations=[*describe, op("replace", "/name", "m")])
    found = api.client.get_deployment(restApiId=api.id, deploymentId=deployment)
    link = api.client.get_vpc_link(vpcLinkId=api.link)
    assert (found["description"], link["description"], link["name"]) == ("new", "new", "m")


def test_a_stage_moves_to_a_deployment_that_exists_only(api):
    first = api.client.create_deployment(restApiId=api.id, stageName="live")["id"]
    second = api.client.create_deployment(restApiId=api.id)["id"]
    where = {"restApiId": api.id, "stageName": "live"}
    assert api.client.get_stage(**where)["deploymentId"] == first
    api.client.update_stage(**where, patchOperations=[op("replace", "/deploymentId", second)])
    assert api.client.get_stage(**where)["deploymentId"] == second
    with refused("Deployment id does not exist"):
        api.client.update_stage(**where, patchOperations=[op("replace", "/deploymentId", "nosuch")])


def test_a_stage_refuses_a_path_that_it_does_not_have(api):
    api.client.create_deployment(restApiId=api.id, stageName="live")
    with refused("Invalid patch path"):
        api.client.update_stage(
            restApiId=api.id, stageName="live", patchOperations=[op("replace", "/timeout", "1")]
        )


@pytest.mark.parametrize("kind", ["restapis", "vpclinks"])
def test_tags_of_every_kind_are_changed_and_read(api, kind):
    arn = f"arn:aws:apigateway:eu-west-1::/{kind}/{api.id if kind == 'restapis' else api.link}"
    api.client.tag_resource(resourceArn=arn, tags={"a": "1", "b": "2"})
    api.client.untag_resource(resourceArn=arn, tagKeys=["a"])
    assert api.client.get_tags(resourceArn=arn)["tags"] == {"b": "2"}


def test_what_a_stage_answers_from_is_the_deployment_and_not_the_patched_integration(api):
    api.client.create_deployment(restApiId=api.id, stageName="live")
    api.integration(op("replace", "/connectionId", api.new_link()))
    (backend,) = [
        region["eu-west-1"] for region in apigateway_backends.values() if api.id in region["eu-west-1"].apis
    ]
    stage = backend.apis[api.id].stages["live"]
    deployed = backend.apis[api.id].deployments[stage.deployment_id].sandbox_vpc_links
    assert [link for link, _, _ in deployed] == [api.link]
