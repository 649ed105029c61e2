"""Custom domains, canaries, logs, and what else stands around an API: moto as AWS would answer."""

import json
from collections.abc import Callable
from typing import Any

import pytest
import trustme
from botocore.exceptions import ClientError

Aws = Callable[..., Any]
REGION = "eu-west-1"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "apigateway.amazonaws.com"},
        }
    ],
}


@pytest.fixture
def certificate(aws: Aws) -> Callable[..., str]:
    """Imports a certificate for names; returns its ARN."""

    def make(*names: str) -> str:
        issued = trustme.CA().issue_cert(*names)
        answer = aws("acm").import_certificate(
            Certificate=issued.cert_chain_pems[0].bytes(), PrivateKey=issued.private_key_pem.bytes()
        )
        return str(answer["CertificateArn"])

    return make


def domain(aws: Aws, certificate_arn: str, **more: Any) -> Any:
    return aws("apigateway").create_domain_name(
        domainName="api.example.com",
        regionalCertificateArn=certificate_arn,
        endpointConfiguration={"types": ["REGIONAL"]},
        **more,
    )


def truststore(aws: Aws, content: bytes) -> dict[str, str]:
    aws("s3").create_bucket(Bucket="trust", CreateBucketConfiguration={"LocationConstraint": REGION})
    aws("s3").put_object(Bucket="trust", Key="store.pem", Body=content)
    return {"truststoreUri": "s3://trust/store.pem"}


def test_a_domain_takes_a_certificate_for_its_name(aws: Aws, certificate: Callable[..., str]) -> None:
    assert domain(aws, certificate("*.example.com"))["securityPolicy"] == "TLS_1_2"
    with pytest.raises(ClientError, match="already exists"):
        domain(aws, certificate("api.example.com"))


def test_a_certificate_that_does_not_fit_is_refused(aws: Aws, certificate: Callable[..., str]) -> None:
    with pytest.raises(ClientError, match="does not match"):
        domain(aws, certificate("other.example.com"))
    with pytest.raises(ClientError, match="does not exist"):
        domain(aws, "arn:aws:acm:eu-west-1:111111111111:certificate/none")
    pending = aws("acm").request_certificate(DomainName="api.example.com", ValidationMethod="DNS")
    with pytest.raises(ClientError, match="PENDING_VALIDATION"):
        domain(aws, pending["CertificateArn"])


def test_mutual_tls_is_kept_and_changed_in_place(aws: Aws, certificate: Callable[..., str]) -> None:
    mutual = truststore(aws, trustme.CA().cert_pem.bytes())
    made = domain(aws, certificate("api.example.com"), mutualTlsAuthentication=mutual)
    assert made["mutualTlsAuthentication"] == mutual
    operation = {"op": "replace", "path": "/mutualTlsAuthentication/truststoreUri", "value": ""}
    changed = aws("apigateway").update_domain_name(domainName="api.example.com", patchOperations=[operation])
    assert "mutualTlsAuthentication" not in changed


@pytest.mark.parametrize(
    ("content", "message"), [(b"nonsense", "holds no PEM"), (None, "Invalid mTLS S3 object URI")]
)
def test_a_truststore_without_certificates_is_refused(
    aws: Aws, certificate: Callable[..., str], content: bytes | None, message: str
) -> None:
    mutual = {"truststoreUri": "s3://none/x"} if content is None else truststore(aws, content)
    with pytest.raises(ClientError, match=message):
        domain(aws, certificate("api.example.com"), mutualTlsAuthentication=mutual)


@pytest.fixture
def stage(aws: Aws) -> dict[str, str]:
    """An API with a deployment and the stage `live`."""
    client = aws("apigateway")
    api = client.create_rest_api(name="public")["id"]
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    deployment = client.create_deployment(restApiId=api, stageName="live")["id"]
    return {"api": api, "deployment": deployment}


def update(aws: Aws, stage: dict[str, str], *operations: tuple[str, str, Any]) -> Any:
    patches = [
        {"op": op, "path": path} | ({} if value is None else {"value": value})
        for op, path, value in operations
    ]
    return aws("apigateway").update_stage(restApiId=stage["api"], stageName="live", patchOperations=patches)


def test_a_canary_is_made_changed_and_taken_away(aws: Aws, stage: dict[str, str]) -> None:
    made = update(
        aws,
        stage,
        ("replace", "/canarySettings/percentTraffic", "10.5"),
        ("replace", "/canarySettings/deploymentId", stage["deployment"]),
    )
    assert made["canarySettings"]["percentTraffic"] == 10.5
    with pytest.raises(ClientError, match=r"between 0\.0 and 100\.0"):
        update(aws, stage, ("replace", "/canarySettings/percentTraffic", "101"))
    assert "canarySettings" not in update(aws, stage, ("remove", "/canarySettings", None))


LOGS = f"arn:aws:logs:{REGION}:111111111111:log-group:access"


@pytest.mark.parametrize(
    ("path", "value"), [("/accessLogSettings/destinationArn", LOGS), ("/*/*/logging/loglevel", "ERROR")]
)
def test_logging_needs_the_accounts_role(aws: Aws, stage: dict[str, str], path: str, value: str) -> None:
    with pytest.raises(ClientError, match="CloudWatch Logs role ARN must be set"):
        update(aws, stage, ("replace", path, value))
    role = aws("iam").create_role(RoleName="logs", AssumeRolePolicyDocument=json.dumps(TRUST))
    operation = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role["Role"]["Arn"]}
    aws("apigateway").update_account(patchOperations=[operation])
    update(aws, stage, ("replace", path, value))


def test_logging_is_switched_off_without_a_role(aws: Aws, stage: dict[str, str]) -> None:
    update(aws, stage, ("replace", "/*/*/logging/loglevel", "OFF"), ("remove", "/accessLogSettings", None))


def test_a_role_that_the_service_cannot_assume_is_refused(aws: Aws) -> None:
    operation = {
        "op": "replace",
        "path": "/cloudwatchRoleArn",
        "value": "arn:aws:iam::111111111111:role/none",
    }
    with pytest.raises(ClientError, match="does not have required permissions"):
        aws("apigateway").update_account(patchOperations=[operation])


def test_an_http_api_has_deployments(aws: Aws) -> None:
    client = aws("apigatewayv2")
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(ClientError, match="At least one route"):
        client.create_deployment(ApiId=api)
    client.create_route(ApiId=api, RouteKey="GET /")
    made = client.create_deployment(ApiId=api, Description="d")["DeploymentId"]
    with pytest.raises(ClientError, match="Invalid deployment"):
        client.create_stage(ApiId=api, StageName="live", DeploymentId="none")
    stage = client.create_stage(ApiId=api, StageName="live", DeploymentId=made)
    assert stage["DeploymentId"] == made
    assert [item["DeploymentId"] for item in client.get_deployments(ApiId=api)["Items"]] == [made]
    with pytest.raises(ClientError, match="Active stages"):
        client.delete_deployment(ApiId=api, DeploymentId=made)
    client.delete_stage(ApiId=api, StageName="live")
    client.delete_deployment(ApiId=api, DeploymentId=made)


def test_an_http_apis_domain_is_available_with_a_target(aws: Aws, certificate: Callable[..., str]) -> None:
    made = aws("apigatewayv2").create_domain_name(
        DomainName="http.example.com",
        DomainNameConfigurations=[
            {"CertificateArn": certificate("http.example.com"), "EndpointType": "REGIONAL"}
        ],
    )
    configuration = made["DomainNameConfigurations"][0]
    assert configuration["DomainNameStatus"] == "AVAILABLE"
    assert configuration["ApiGatewayDomainName"].endswith(f".execute-api.{REGION}.amazonaws.com")


def test_both_sides_of_a_peering_have_tags_of_their_own(
    aws: Aws, network: Callable[..., dict[str, str]]
) -> None:
    one, other = network("A", 0), network("B", 1)
    peering = aws("ec2").create_vpc_peering_connection(
        VpcId=one["vpc"], PeerVpcId=other["vpc"], PeerOwnerId="222222222222", PeerRegion=REGION
    )["VpcPeeringConnection"]["VpcPeeringConnectionId"]
    aws("ec2").create_tags(Resources=[peering], Tags=[{"Key": "side", "Value": "A"}])
    aws("ec2", "B").accept_vpc_peering_connection(VpcPeeringConnectionId=peering)
    seen = [aws("ec2", side).describe_vpc_peering_connections()["VpcPeeringConnections"][0] for side in "AB"]
    assert [item["Status"]["Code"] for item in seen] == ["active", "active"]
    assert [item.get("Tags", []) for item in seen] == [[{"Key": "side", "Value": "A"}], []]


def test_networks_that_overlap_cannot_be_peered(aws: Aws, network: Callable[..., dict[str, str]]) -> None:
    one, other = network("A", 0), network("B", 0)
    aws("ec2").create_vpc_peering_connection(
        VpcId=one["vpc"], PeerVpcId=other["vpc"], PeerOwnerId="222222222222", PeerRegion=REGION
    )
    for side in "AB":
        found = aws("ec2", side).describe_vpc_peering_connections()["VpcPeeringConnections"][0]
        assert found["Status"]["Code"] == "failed"


def test_a_bucket_that_denies_what_is_not_tls_is_still_open(aws: Aws) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
    deny = {"Effect": "Deny", "Principal": {"AWS": "*"}, "Action": "s3:*", "Resource": "arn:aws:s3:::state/*"}
    tls = {"Bool": {"aws:SecureTransport": "false"}}
    s3.put_bucket_policy(
        Bucket="state",
        Policy=json.dumps({"Version": "2012-10-17", "Statement": [{**deny, "Condition": tls}]}),
    )
    s3.put_object(Bucket="state", Key="k", Body=b"x")
    assert s3.get_object(Bucket="state", Key="k")["Body"].read() == b"x"
    assert "SecureTransport" in s3.get_bucket_policy(Bucket="state")["Policy"]
    s3.put_bucket_policy(Bucket="state", Policy=json.dumps({"Version": "2012-10-17", "Statement": [deny]}))
    with pytest.raises(ClientError):
        s3.head_object(Bucket="state", Key="k")


def test_ids_of_hosted_zones_begin_with_z(aws: Aws) -> None:
    made = aws("route53").create_hosted_zone(Name="example.com", CallerReference="r")["HostedZone"]["Id"]
    assert made.startswith("/hostedzone/Z")


def test_a_resource_server_is_deleted(aws: Aws) -> None:
    client = aws("cognito-idp")
    pool = client.create_user_pool(PoolName="p")["UserPool"]["Id"]
    client.create_resource_server(UserPoolId=pool, Identifier="api", Name="api")
    client.delete_resource_server(UserPoolId=pool, Identifier="api")
    with pytest.raises(ClientError, match="does not exist"):
        client.delete_resource_server(UserPoolId=pool, Identifier="api")


def test_a_canary_of_synthetics_is_started_stopped_and_deleted(aws: Aws) -> None:
    client = aws("synthetics")
    made = client.create_canary(
        Name="orders",
        Code={"Handler": "main.handler", "ZipFile": b"zip"},
        ArtifactS3Location="s3://bucket/canary",
        ExecutionRoleArn="arn:aws:iam::111111111111:role/canary",
        Schedule={"Expression": "rate(5 minutes)"},
        RuntimeVersion="syn-python-selenium-6.0",
        Tags={"a": "b"},
    )["Canary"]
    assert made["Timeline"]["Created"].year >= 2024
    client.start_canary(Name="orders")
    assert client.get_canary(Name="orders")["Canary"]["Status"]["State"] == "RUNNING"
    client.update_canary(Name="orders", Schedule={"Expression": "rate(1 hour)"})
    assert client.get_canary(Name="orders")["Canary"]["Schedule"]["Expression"] == "rate(1 hour)"
    client.stop_canary(Name="orders")
    client.delete_canary(Name="orders")
    with pytest.raises(client.exceptions.ResourceNotFoundException):
        client.get_canary(Name="orders")


def test_a_method_needs_an_authorizer_that_exists(aws: Aws, stage: dict[str, str]) -> None:
    client = aws("apigateway")
    root = client.get_resources(restApiId=stage["api"])["items"][0]["id"]
    method = {"restApiId": stage["api"], "resourceId": root, "httpMethod": "PUT"}
    with pytest.raises(ClientError, match="Invalid authorizer ID"):
        client.put_method(**method, authorizationType="CUSTOM", authorizerId="none")
    with pytest.raises(ClientError):
        client.get_method(**method)


@pytest.mark.parametrize("newer", [None, 5])
def test_a_lifecycle_keeps_as_many_newer_versions_as_it_says(aws: Aws, newer: int | None) -> None:
    s3 = aws("s3")
    s3.create_bucket(Bucket="state", CreateBucketConfiguration={"LocationConstraint": REGION})
    expiration: dict[str, int] = {"NoncurrentDays": 90}
    if newer is not None:
        expiration["NewerNoncurrentVersions"] = newer
    rule: Any = {
        "ID": "old",
        "Status": "Enabled",
        "Filter": {"Prefix": ""},
        "NoncurrentVersionExpiration": expiration,
    }
    s3.put_bucket_lifecycle_configuration(Bucket="state", LifecycleConfiguration={"Rules": [rule]})
    shown = s3.get_bucket_lifecycle_configuration(Bucket="state")["Rules"][0]
    assert shown["NoncurrentVersionExpiration"] == expiration


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"ConnectionType": "VPC_LINK", "ConnectionId": "none"}, "Invalid VpcLink identifier"),
        ({"RequestParameters": {"overwrite:header.Authorization": "x"}}, "are restricted"),
        ({"RequestParameters": {"remove:header.x-amzn-trace-id": "''"}}, "are restricted"),
        ({"RequestParameters": {"overwrite:body": "x"}}, "Invalid mapping expression"),
    ],
)
def test_an_http_apis_integration_is_checked(aws: Aws, changes: dict[str, Any], message: str) -> None:
    client = aws("apigatewayv2")
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    made = {
        "ApiId": api,
        "IntegrationType": "HTTP_PROXY",
        "IntegrationMethod": "ANY",
        "IntegrationUri": "https://orders.example.com/",
        "PayloadFormatVersion": "1.0",
        "RequestParameters": {"overwrite:path": "/v1", "remove:header.x-debug": "''"},
    }
    client.create_integration(**made)
    with pytest.raises(ClientError, match=message):
        client.create_integration(**made | changes)


def test_a_private_integration_of_an_http_api_names_a_listener(
    aws: Aws, network: Callable[..., dict[str, str]]
) -> None:
    made, client = network("A", 0), aws("apigatewayv2")
    link = client.create_vpc_link(Name="l", SubnetIds=[made["a"]], SecurityGroupIds=[made["group"]])
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    with pytest.raises(ClientError, match="valid ELB listener ARN"):
        client.create_integration(
            ApiId=api,
            IntegrationType="HTTP_PROXY",
            IntegrationMethod="ANY",
            IntegrationUri="https://orders.example.com/",
            PayloadFormatVersion="1.0",
            ConnectionType="VPC_LINK",
            ConnectionId=link["VpcLinkId"],
        )


def test_a_usage_plan_changes_in_place(aws: Aws, stage: dict[str, str]) -> None:
    client, key = aws("apigateway"), f"{stage['api']}:live"
    plan = client.create_usage_plan(name="p", throttle={"rateLimit": 1.0, "burstLimit": 1})["id"]

    def change(*operations: tuple[str, str, str | None]) -> Any:
        patches = [
            {"op": op, "path": path} | ({} if value is None else {"value": value})
            for op, path, value in operations
        ]
        return client.update_usage_plan(usagePlanId=plan, patchOperations=patches)

    changed = change(
        ("add", "/apiStages", key),
        ("replace", f"/apiStages/{key}/throttle/~1x~1GET/rateLimit", "0.5"),
        ("replace", f"/apiStages/{key}/throttle/~1x~1GET/burstLimit", "2"),
        ("replace", "/throttle/rateLimit", "2.5"),
        ("add", "/quota/limit", "10"),
        ("add", "/quota/period", "DAY"),
    )
    assert changed["apiStages"][0]["throttle"] == {"/x/GET": {"rateLimit": 0.5, "burstLimit": 2}}
    assert changed["throttle"]["rateLimit"] == 2.5
    assert changed["quota"] == {"limit": 10, "period": "DAY"}
    changed = change(("remove", "/apiStages", key), ("remove", "/quota", None))
    assert changed["apiStages"] == []
    assert "quota" not in changed
    with pytest.raises(ClientError, match="Invalid patch path"):
        change(("replace", "/nothing", "1"))


def test_a_usage_plan_is_for_stages_that_exist(aws: Aws, stage: dict[str, str]) -> None:
    client = aws("apigateway")
    with pytest.raises(ClientError, match="API Stage not found"):
        client.create_usage_plan(name="p", apiStages=[{"apiId": stage["api"], "stage": "none"}])
    plan = client.create_usage_plan(name="p")["id"]
    operation = {"op": "add", "path": "/apiStages", "value": f"{stage['api']}:none"}
    with pytest.raises(ClientError, match="API Stage not found"):
        client.update_usage_plan(usagePlanId=plan, patchOperations=[operation])


def test_an_authorizer_changes_its_pools(aws: Aws, stage: dict[str, str]) -> None:
    client = aws("apigateway")
    first, second = (f"arn:aws:cognito-idp:{REGION}:111111111111:userpool/{n}" for n in "ab")
    made = client.create_authorizer(
        restApiId=stage["api"], name="a", type="COGNITO_USER_POOLS", providerARNs=[first]
    )["id"]
    changed = client.update_authorizer(
        restApiId=stage["api"],
        authorizerId=made,
        patchOperations=[
            {"op": "add", "path": "/providerARNs", "value": second},
            {"op": "remove", "path": "/providerARNs", "value": first},
        ],
    )
    assert changed["providerARNs"] == [second]


def test_an_http_apis_stage_changes_in_place(aws: Aws) -> None:
    client = aws("apigatewayv2")
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    logs = {"DestinationArn": LOGS, "Format": "$context.requestId"}
    client.create_stage(ApiId=api, StageName="live", AutoDeploy=True, AccessLogSettings=logs)
    limits = {"ThrottlingRateLimit": 5.0, "ThrottlingBurstLimit": 2}
    changed = client.update_stage(
        ApiId=api, StageName="live", DefaultRouteSettings=limits, RouteSettings={"GET /a": limits}
    )
    assert changed["DefaultRouteSettings"]["ThrottlingRateLimit"] == 5.0
    assert changed["RouteSettings"]["GET /a"]["ThrottlingBurstLimit"] == 2
    client.delete_route_settings(ApiId=api, StageName="live", RouteKey="GET /a")
    client.delete_access_log_settings(ApiId=api, StageName="live")
    found = client.get_stage(ApiId=api, StageName="live")
    assert found["RouteSettings"] == {}
    assert "AccessLogSettings" not in found
    with pytest.raises(ClientError, match="Invalid deployment"):
        client.update_stage(ApiId=api, StageName="live", DeploymentId="none")


def test_an_http_apis_domain_and_mapping_change_in_place(aws: Aws, certificate: Callable[..., str]) -> None:
    client = aws("apigatewayv2")
    configuration = {"CertificateArn": certificate("http.example.com"), "EndpointType": "REGIONAL"}
    client.create_domain_name(DomainName="http.example.com", DomainNameConfigurations=[configuration])
    api = client.create_api(Name="a", ProtocolType="HTTP")["ApiId"]
    for name in ("one", "two"):
        client.create_stage(ApiId=api, StageName=name)
    mapping = client.create_api_mapping(
        ApiId=api, DomainName="http.example.com", Stage="one", ApiMappingKey="v1"
    )["ApiMappingId"]
    changed = client.update_api_mapping(
        ApiId=api, ApiMappingId=mapping, DomainName="http.example.com", Stage="two"
    )
    assert (changed["Stage"], changed["ApiMappingKey"]) == ("two", "v1")
    mutual = {"TruststoreUri": truststore(aws, trustme.CA().cert_pem.bytes())["truststoreUri"]}
    found = client.update_domain_name(
        DomainName="http.example.com",
        DomainNameConfigurations=[configuration | {"SecurityPolicy": "TLS_1_2"}],
        MutualTlsAuthentication=mutual,
    )
    assert found["MutualTlsAuthentication"] == mutual
    other = configuration | {"CertificateArn": certificate("other.example.com")}
    with pytest.raises(ClientError, match="does not match"):
        client.update_domain_name(DomainName="http.example.com", DomainNameConfigurations=[other])
