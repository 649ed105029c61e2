"""What the data plane sees of callers and of what stands around a stage: moto in this process."""

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from hatchway.sandbox.data.moto_domains import leads_to
from hatchway.sandbox.data.moto_view import MotoView
from hatchway.sandbox.data.world import Quota, Throttle

REGION = "eu-west-1"
ACCOUNT = "123456789012"
ONE_A_SECOND = {"rateLimit": 1, "burstLimit": 2}


def policy(action: str, **more: Any) -> str:
    statement = {"Effect": "Allow", "Action": action, **more}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


TRUST = policy("sts:AssumeRole", Principal={"AWS": ACCOUNT})
MAY = policy("execute-api:Invoke", Resource="*")


@pytest.fixture
def stage(aws: Callable[[str], Any]) -> str:
    """An API with GET / on the stage `live`; returns its id."""
    client = aws("apigateway")
    api = str(client.create_rest_api(name="public")["id"])
    root = client.get_resources(restApiId=api)["items"][0]["id"]
    client.put_method(restApiId=api, resourceId=root, httpMethod="GET", authorizationType="NONE")
    client.put_integration(restApiId=api, resourceId=root, httpMethod="GET", type="MOCK")
    client.create_deployment(restApiId=api, stageName="live")
    return api


def test_a_role_has_its_trust_and_all_of_its_policies(aws: Callable[[str], Any]) -> None:
    iam = aws("iam")
    arn = iam.create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    iam.put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=MAY)
    managed = iam.create_policy(PolicyName="p", PolicyDocument=MAY)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName="r", PolicyArn=managed)
    role = MotoView().role(arn)
    assert role is not None
    assert role.trust == json.loads(TRUST)
    assert role.policies == (json.loads(MAY), json.loads(MAY))
    assert MotoView().role(f"{arn}x") is None


def test_credentials_of_a_made_role_have_its_policies_and_no_more(aws: Callable[[str], Any]) -> None:
    arn = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    aws("iam").put_role_policy(RoleName="r", PolicyName="inline", PolicyDocument=MAY)
    keys = aws("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    found = MotoView().credentials(keys["AccessKeyId"])
    assert found is not None
    assert (found.secret_access_key, found.session_token) == (
        keys["SecretAccessKey"],
        keys["SessionToken"],
    )
    assert found.principals == (f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session", arn)
    assert (found.policies, found.is_administrator) == ((json.loads(MAY),), False)
    assert keys["SecretAccessKey"] not in repr(found)


def test_a_role_that_nobody_made_is_an_administrator(aws: Callable[[str], Any]) -> None:
    arn = "arn:aws:iam::222222222222:role/deploy"
    keys = aws("sts").assume_role(RoleArn=arn, RoleSessionName="session")["Credentials"]
    found = MotoView().credentials(keys["AccessKeyId"])
    assert found is not None
    assert (found.account_id, found.is_administrator) == ("222222222222", True)


def test_a_users_key_counts_while_it_is_active(aws: Callable[[str], Any]) -> None:
    iam = aws("iam")
    iam.create_user(UserName="alice")
    iam.put_user_policy(UserName="alice", PolicyName="inline", PolicyDocument=MAY)
    key = iam.create_access_key(UserName="alice")["AccessKey"]
    found = MotoView().credentials(key["AccessKeyId"])
    assert found is not None
    assert (found.arn, found.policies) == (f"arn:aws:iam::{ACCOUNT}:user/alice", (json.loads(MAY),))
    iam.update_access_key(UserName="alice", AccessKeyId=key["AccessKeyId"], Status="Inactive")
    assert MotoView().credentials(key["AccessKeyId"]) is None
    assert MotoView().credentials("AKIANOBODY") is None


def test_a_user_pool_has_its_issuer_its_clients_and_public_keys(aws: Callable[[str], Any]) -> None:
    client = aws("cognito-idp")
    pool = client.create_user_pool(PoolName="p")["UserPool"]
    made = client.create_user_pool_client(UserPoolId=pool["Id"], ClientName="c")["UserPoolClient"]["ClientId"]
    found = MotoView().user_pool(pool["Arn"])
    assert found is not None
    assert found.issuer == f"https://cognito-idp.{REGION}.amazonaws.com/{pool['Id']}"
    assert found.client_ids == frozenset({made})
    assert all("d" not in key for key in found.keys.values()), "a private key must not be there"


def test_a_pools_client_has_its_flows_and_the_scopes_that_exist(aws: Callable[[str], Any]) -> None:
    client = aws("cognito-idp")
    pool = client.create_user_pool(PoolName="p")["UserPool"]["Id"]
    client.create_user_pool_domain(Domain="callers", UserPoolId=pool)
    scope = {"ScopeName": "read", "ScopeDescription": "read"}
    client.create_resource_server(UserPoolId=pool, Identifier="api", Name="api", Scopes=[scope])
    made = client.create_user_pool_client(
        UserPoolId=pool,
        ClientName="c",
        GenerateSecret=True,
        AllowedOAuthFlowsUserPoolClient=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["api/read", "api/gone"],
    )["UserPoolClient"]
    found = MotoView().token_client("callers", REGION, made["ClientId"])
    assert found is not None
    assert (found.secret, found.flows) == (made["ClientSecret"], frozenset({"client_credentials"}))
    assert found.scopes == frozenset({"api/read"})
    assert found.sign({"scope": "api/read"}, 60).count(".") == 2
    assert MotoView().token_client("other", REGION, made["ClientId"]) is None


def test_a_function_is_found_by_an_alias_and_keeps_its_arn(aws: Callable[[str], Any]) -> None:
    role = aws("iam").create_role(RoleName="r", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", "")
    client = aws("lambda")
    arn = client.create_function(
        FunctionName="f",
        Runtime="python3.12",
        Role=role,
        Handler="main.handler",
        Code={"ZipFile": packed.getvalue()},
    )["FunctionArn"]
    client.create_alias(FunctionName="f", Name="live", FunctionVersion="$LATEST")
    client.add_permission(
        FunctionName="f",
        StatementId="s",
        Action="lambda:InvokeFunction",
        Principal="apigateway.amazonaws.com",
        Qualifier="live",
    )
    for asked in (arn, f"{arn}:live"):
        found = MotoView().function(asked)
        assert found is not None
        assert (found.arn, found.name) == (asked, "f")
        assert found.policy is not None
        assert found.policy["Statement"][0]["Resource"] == f"{arn}:live"
    assert MotoView().function(f"{arn}:none") is None
    assert MotoView().function(arn.replace("eu-west-1", "eu-west-3")) is None


def test_a_key_knows_its_plans_and_their_limits(aws: Callable[[str], Any], stage: str) -> None:
    client = aws("apigateway")
    key = client.create_api_key(name="k", enabled=True)
    plan = client.create_usage_plan(
        name="p",
        apiStages=[
            {"apiId": stage, "stage": "live", "throttle": {"//GET": {"rateLimit": 1, "burstLimit": 2}}}
        ],
        throttle={"rateLimit": 5.0, "burstLimit": 10},
        quota={"limit": 3, "period": "WEEK"},
    )
    client.create_usage_plan_key(usagePlanId=plan["id"], keyId=key["id"], keyType="API_KEY")
    found = MotoView().api_key(key["value"], ACCOUNT, REGION)
    assert found is not None
    assert (found.id, found.is_enabled) == (key["id"], True)
    assert found.plans[0].throttle == Throttle(rate=5, burst=10)
    assert found.plans[0].quota == Quota(limit=3, period="WEEK")
    assert found.plans[0].stages[0].throttles == {"//GET": Throttle(rate=1, burst=2)}
    assert MotoView().api_key(key["value"], ACCOUNT, "eu-west-2") is None


def test_a_stage_has_the_settings_of_now(aws: Callable[[str], Any], stage: str) -> None:
    logs = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:access"
    trust = policy("sts:AssumeRole", Principal={"Service": "apigateway.amazonaws.com"})
    role = aws("iam").create_role(RoleName="logs", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
    operation = {"op": "replace", "path": "/cloudwatchRoleArn", "value": role}
    aws("apigateway").update_account(patchOperations=[operation])
    operations = {
        "/*/*/throttling/rateLimit": "5",
        "/*/*/throttling/burstLimit": "2",
        "/accessLogSettings/destinationArn": logs,
        "/accessLogSettings/format": "$context.status",
    }
    aws("apigateway").update_stage(
        restApiId=stage,
        stageName="live",
        patchOperations=[{"op": "replace", "path": k, "value": v} for k, v in operations.items()],
    )
    found = MotoView().rest_api(stage)
    assert found is not None
    live = found.stages["live"]
    assert live.method_settings["*/*"].throttle == Throttle(rate=5, burst=2)
    assert (live.access_log_arn, live.access_log_format) == (logs, "$context.status")


def test_a_canary_has_its_own_deployment_and_variables(aws: Callable[[str], Any], stage: str) -> None:
    client = aws("apigateway")
    deployment = client.create_deployment(restApiId=stage)["id"]
    client.create_stage(
        restApiId=stage,
        stageName="split",
        deploymentId=deployment,
        variables={"a": "1", "b": "1"},
        canarySettings={
            "percentTraffic": 10.5,
            "deploymentId": deployment,
            "stageVariableOverrides": {"b": "2"},
        },
    )
    found = MotoView().rest_api(stage)
    assert found is not None
    canary = found.stages["split"].canary
    assert canary is not None
    assert (canary.percent, canary.variables) == (10.5, {"a": "1", "b": "2"})


def test_a_line_is_written_to_a_log_group_that_exists_and_nowhere_else(aws: Callable[[str], Any]) -> None:
    logs = aws("logs")
    logs.create_log_group(logGroupName="access")
    for name in ("access", "access", "missing"):
        MotoView().write_log(f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:{name}", "s", "a line")
    events = logs.filter_log_events(logGroupName="access")["events"]
    assert [event["message"] for event in events] == ["a line", "a line"]


def test_a_web_acl_is_found_by_the_stage_it_is_associated_with(aws: Callable[[str], Any], stage: str) -> None:
    waf = aws("wafv2")
    visible = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "m"}
    ip_set = waf.create_ip_set(
        Name="s", Scope="REGIONAL", IPAddressVersion="IPV4", Addresses=["198.51.100.0/24"]
    )["Summary"]["ARN"]
    rule = {
        "Name": "r",
        "Priority": 0,
        "Action": {"Block": {}},
        "Statement": {"IPSetReferenceStatement": {"ARN": ip_set}},
        "VisibilityConfig": visible,
    }
    acl = waf.create_web_acl(
        Name="a", Scope="REGIONAL", DefaultAction={"Allow": {}}, Rules=[rule], VisibilityConfig=visible
    )["Summary"]["ARN"]
    arn = f"arn:aws:apigateway:{REGION}::/restapis/{stage}/stages/live"
    assert MotoView().web_acl(arn) is None
    waf.associate_web_acl(WebACLArn=acl, ResourceArn=arn)
    found = MotoView().web_acl(arn)
    assert found is not None
    assert (found.default_action, found.ip_sets) == ({"Allow": {}}, {ip_set: ("198.51.100.0/24",)})
    assert [item["Name"] for item in found.rules] == ["r"]


def zone(aws: Callable[[str], Any], name: str, *records: tuple[str, str]) -> None:
    client = aws("route53")
    identity = client.create_hosted_zone(Name=name, CallerReference=name)["HostedZone"]["Id"]
    changes = [
        {
            "Action": "CREATE",
            "ResourceRecordSet": {
                "Name": record,
                "Type": "A",
                "AliasTarget": {"HostedZoneId": "Z1", "DNSName": target, "EvaluateTargetHealth": False},
            },
        }
        for record, target in records
    ]
    if changes:
        client.change_resource_record_sets(HostedZoneId=identity, ChangeBatch={"Changes": changes})


def test_a_name_resolves_by_the_record_in_its_zone(aws: Callable[[str], Any]) -> None:
    assert leads_to("api.example.com", "d-1.aws"), "a zone elsewhere is taken to be right"
    zone(aws, "example.com", ("api.example.com", "d-1.aws"), ("old.example.com", "d-0.aws"))
    assert leads_to("api.example.com", "d-1.aws")
    assert not leads_to("old.example.com", "d-1.aws")
    assert not leads_to("none.example.com", "d-1.aws")
    zone(aws, "api.example.com")
    assert not leads_to("api.example.com", "d-1.aws"), "the closest zone decides"
