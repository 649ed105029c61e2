"""Logs, metrics, traces, alarms, a dashboard and a canary: what is declared and nothing else."""

import json
import zipfile

import pytest

from tests.synth.synthesized import Document, Synth, Synthesized, Validate

EDGE_KEY = "arn:aws:kms:eu-west-1:111111111111:key/0a1b2c3d"
TOPIC = "arn:aws:sns:eu-west-1:111111111111:on-call"
SECRET = "arn:aws:secretsmanager:eu-west-1:111111111111:secret:canary-a1b2c3"
KINDS_OF_CREDENTIALS = ("header", "claims", 'apiKey"', "accessKey", "querystring", "Authorization", "body")
EVERYTHING = {
    "access_logs": True,
    "execution_logs": "info",
    "log_retention_days": 365,
    "kms_keys": {"edge": EDGE_KEY},
    "account_log_role": True,
    "tracing": True,
    "detailed_metrics": True,
    "flow_logs": True,
    "alarms": {
        "topic_arns": [TOPIC],
        "server_errors_percent": 2,
        "integration_latency_milliseconds": 3000,
    },
    "dashboard": True,
    "canary": {"artifact_bucket": "article-canary", "secret_arn": SECRET},
}


@pytest.fixture
def everything(synth: Synth, document: Document) -> Synthesized:
    document["services"]["orders"]["checks"] = [
        {"request": "GET /test", "expect": {"json": {"response": "integration-successful"}}},
        {"request": "POST /test"},
    ]
    document["observability"] = EVERYTHING
    return synth(document)


@pytest.fixture
def access_logs_alone(synth: Synth, document: Document) -> Synthesized:
    document["observability"] = {}
    return synth(document)


def alarm(synthesized: Synthesized, stack: str, name: str) -> Document:
    return synthesized[stack].resources[f"aws_cloudwatch_metric_alarm.{name}"]


def test_nothing_is_seen_that_is_not_declared(article: Synthesized) -> None:
    for stack in article.stacks.values():
        kinds = {address.split(".")[0] for address in stack.resources}
        assert not kinds & {
            "aws_api_gateway_account",
            "aws_api_gateway_method_settings",
            "aws_cloudwatch_metric_alarm",
            "aws_cloudwatch_dashboard",
            "aws_flow_log",
            "aws_synthetics_canary",
        }
        for stage in stack.of_kind("aws_api_gateway_stage").values():
            assert not {"access_log_settings", "xray_tracing_enabled"} & set(stage)


def test_an_empty_section_turns_on_access_logs_and_nothing_else(access_logs_alone: Synthesized) -> None:
    gateway = access_logs_alone["gateway"]

    assert "access_log_settings" in gateway.resources["aws_api_gateway_stage.public"]
    assert "aws_cloudwatch_log_group.public_execution" not in gateway.resources
    assert not gateway.of_kind("aws_cloudwatch_metric_alarm")
    assert gateway.resources["aws_api_gateway_method_settings.public"]["settings"] == {
        "data_trace_enabled": False,
        "logging_level": "OFF",
        "metrics_enabled": False,
    }


@pytest.mark.parametrize(("stack", "api"), [("gateway", "public"), ("service-orders", "private")])
def test_access_logs_say_where_a_request_failed(everything: Synthesized, stack: str, api: str) -> None:
    settings = everything[stack].resources[f"aws_api_gateway_stage.{api}"]["access_log_settings"]
    line = json.loads(settings["format"])

    assert settings["destination_arn"] == f"${{aws_cloudwatch_log_group.{api}_access.arn}}"
    for variable in (
        "requestId",
        "error.message",
        "integration.status",
        "integration.error",
        "integration.latency",
        "authorizer.error",
        "authorizer.status",
    ):
        assert f"$context.{variable}" in line.values()


def test_access_logs_hold_no_credential(everything: Synthesized) -> None:
    line = everything["gateway"].resources["aws_api_gateway_stage.public"]["access_log_settings"]["format"]

    assert not [kind for kind in KINDS_OF_CREDENTIALS if kind in line]


@pytest.mark.parametrize("kind", ["access", "execution"])
def test_logs_are_forgotten_and_encrypted_with_the_key_of_their_account(
    everything: Synthesized, kind: str
) -> None:
    public = everything["gateway"].resources[f"aws_cloudwatch_log_group.public_{kind}"]
    private = everything["service-orders"].resources[f"aws_cloudwatch_log_group.private_{kind}"]

    assert (public["retention_in_days"], public["kms_key_id"]) == (365, EDGE_KEY)
    assert (private["retention_in_days"], "kms_key_id" in private) == (365, False)


def test_the_group_of_the_execution_log_is_made_before_api_gateway_makes_it(everything: Synthesized) -> None:
    gateway = everything["gateway"].resources

    assert gateway["aws_cloudwatch_log_group.public_execution"]["name"] == (
        "API-Gateway-Execution-Logs_${aws_api_gateway_rest_api.public.id}/live"
    )
    stage = gateway["aws_api_gateway_stage.public"]
    assert "aws_cloudwatch_log_group.public_execution" in stage["depends_on"]


def test_requests_are_never_logged_with_their_data(everything: Synthesized) -> None:
    for stack, api in (("gateway", "public"), ("service-orders", "private")):
        settings = everything[stack].resources[f"aws_api_gateway_method_settings.{api}"]

        assert settings["method_path"] == "*/*"
        assert settings["settings"] == {
            "data_trace_enabled": False,
            "logging_level": "INFO",
            "metrics_enabled": True,
        }
        assert settings["stage_name"] == f"${{aws_api_gateway_stage.{api}.stage_name}}"


def test_both_stages_are_traced(everything: Synthesized) -> None:
    assert everything["gateway"].resources["aws_api_gateway_stage.public"]["xray_tracing_enabled"] is True
    stage = everything["service-orders"].resources["aws_api_gateway_stage.private"]
    assert stage["xray_tracing_enabled"] is True


def test_the_log_role_is_set_once_for_each_account_by_the_one_stack_that_spans_them(
    everything: Synthesized,
) -> None:
    foundation = everything["foundation"]

    assert set(foundation.of_kind("aws_api_gateway_account")) == {"api-logs_edge", "api-logs_orders"}
    account = foundation.resources["aws_api_gateway_account.api-logs_orders"]
    assert account["provider"] == "aws.orders"
    assert account["depends_on"] == ["aws_iam_role_policy_attachment.api-logs_orders"]
    trust = json.loads(foundation.resources["aws_iam_role.api-logs_orders"]["assume_role_policy"])
    assert trust["Statement"][0]["Condition"] == {"StringEquals": {"aws:SourceAccount": "222222222222"}}
    for stack in ("gateway", "service-orders"):
        assert not everything[stack].of_kind("aws_api_gateway_account")


def test_a_log_role_makes_a_foundation_where_nothing_else_does(synth: Synth, existing: Document) -> None:
    existing["transit"] = {"routed": True}
    existing["observability"] = {"account_log_role": True}

    synthesized = synth(existing)

    assert set(synthesized["foundation"].of_kind("aws_api_gateway_account")) == {
        "api-logs_edge",
        "api-logs_orders",
    }
    dependencies = synthesized.manifest["stacks"]["gateway"]["dependencies"]
    assert set(dependencies) == {"foundation", "service-orders"}


def test_every_created_network_has_flow_logs_that_only_its_account_may_write(everything: Synthesized) -> None:
    foundation = everything["foundation"].resources

    log = foundation["aws_flow_log.edge_flow"]
    assert log["vpc_id"] == "${aws_vpc.edge.id}"
    assert log["traffic_type"] == "ALL"
    assert log["log_destination"] == "${aws_cloudwatch_log_group.edge_flow.arn}"
    assert foundation["aws_cloudwatch_log_group.edge_flow"]["retention_in_days"] == 365
    assert "aws_flow_log.orders_flow" in foundation
    permissions = json.loads(foundation["aws_iam_role_policy.edge_flow"]["policy"])["Statement"][0]
    assert permissions["Resource"] == "${aws_cloudwatch_log_group.edge_flow.arn}:*"


def test_alarms_watch_what_callers_notice(everything: Synthesized) -> None:
    errors = alarm(everything, "gateway", "public_server-errors")
    latency = alarm(everything, "gateway", "public_integration-latency")

    assert (errors["metric_name"], errors["statistic"], errors["threshold"]) == ("5XXError", "Average", 0.02)
    assert errors["dimensions"] == {"ApiName": "http-gateway", "Stage": "live"}
    assert (latency["metric_name"], latency["extended_statistic"]) == ("IntegrationLatency", "p99")
    assert latency["threshold"] == 3000
    assert "statistic" not in latency


@pytest.mark.parametrize(
    ("name", "metric"),
    [
        ("unhealthy-targets", "UnHealthyHostCount"),
        ("port-allocation-errors", "PortAllocationErrorCount"),
        ("rejected-flows", "RejectedFlowCount"),
        ("blocked-inwards", "SecurityGroupBlockedFlowCount_Inbound_TCP"),
        ("blocked-outwards", "SecurityGroupBlockedFlowCount_Outbound_TCP"),
    ],
)
def test_alarms_tell_apart_why_a_service_is_not_reached(
    everything: Synthesized, name: str, metric: str
) -> None:
    found = alarm(everything, "gateway", f"orders_{name}")

    assert (found["metric_name"], found["threshold"]) == (metric, 0)
    assert found["comparison_operator"] == "GreaterThanThreshold"
    assert found["dimensions"]["LoadBalancer"] == "${aws_lb.orders.arn_suffix}"
    assert found["alarm_description"]


def test_the_endpoint_is_watched_where_it_is(everything: Synthesized) -> None:
    found = alarm(everything, "service-orders", "execute_api_dropped-packets")

    assert found["metric_name"] == "PacketsDropped"
    assert found["dimensions"]["VPC Endpoint Id"] == "${aws_vpc_endpoint.execute_api.id}"


def test_every_alarm_tells_the_topics_and_takes_silence_for_peace(everything: Synthesized) -> None:
    for stack in everything.stacks.values():
        for found in stack.of_kind("aws_cloudwatch_metric_alarm").values():
            assert (found["alarm_actions"], found["ok_actions"]) == ([TOPIC], [TOPIC])
            assert found["treat_missing_data"] == "notBreaching"


def test_the_dashboard_shows_the_api_and_each_load_balancer_and_nothing_overlaps(
    everything: Synthesized,
) -> None:
    dashboard = everything["gateway"].resources["aws_cloudwatch_dashboard.public"]
    widgets = json.loads(dashboard["dashboard_body"])["widgets"]

    titles = [widget["properties"]["title"] for widget in widgets]
    assert titles == [
        "Requests",
        "Errors, share of requests",
        "Latency, ms",
        "orders: targets",
        "orders: connections",
    ]
    places = {(widget["x"], widget["y"]) for widget in widgets}
    assert len(places) == len(widgets)
    assert {widget["properties"]["region"] for widget in widgets} == {"eu-west-1"}
    assert all(widget["x"] + widget["width"] <= 24 for widget in widgets)


def test_the_canary_sends_the_get_requests_with_the_api_ids_that_callers_have_to_send(
    everything: Synthesized,
) -> None:
    canary = everything["gateway"].resources["aws_synthetics_canary.canary"]

    assert canary["schedule"] == {"expression": "rate(5 minutes)"}
    variables = canary["run_config"]["environment_variables"]
    assert variables["SECRET_ARN"] == SECRET
    assert variables["PUBLIC_URL"].startswith("https://${aws_api_gateway_rest_api.public.id}.execute-api.")
    assert set(json.loads(variables["API_IDS"])) == {"orders"}
    package = everything.outdir / "stacks" / "gateway" / canary["zip_file"]
    with zipfile.ZipFile(package) as archive:
        assert archive.namelist() == ["python/canary.py", "python/checks.json"]
        checks = json.loads(archive.read("python/checks.json"))
    expected = {"service": "orders", "request": "GET /test", "status": 200}
    assert checks == [{**expected, "json": {"response": "integration-successful"}}]


def test_the_canary_may_write_to_its_part_of_the_bucket_only(everything: Synthesized) -> None:
    policy = everything["gateway"].policy("aws_iam_role_policy.canary")

    writes = [each for each in policy["Statement"] if each["Action"] == "s3:PutObject"]
    assert [each["Resource"] for each in writes] == ["arn:aws:s3:::article-canary/article/*"]
    secrets = [each for each in policy["Statement"] if each["Action"] == "secretsmanager:GetSecretValue"]
    assert [each["Resource"] for each in secrets] == [SECRET]


@pytest.mark.parametrize(
    ("minutes", "rate"), [(1, "rate(1 minute)"), (7, "rate(7 minutes)"), (60, "rate(1 hour)")]
)
def test_a_schedule_is_written_as_aws_gives_it_back(
    synth: Synth, document: Document, minutes: int, rate: str
) -> None:
    document["gateway"] |= {"authorizer": "none", "api_id_header": "pinned"}
    document["services"]["orders"]["checks"] = [{"request": "GET /test"}]
    document["observability"] = {"canary": {"schedule_minutes": minutes, "artifact_bucket": "article-canary"}}

    canary = synth(document)["gateway"].resources["aws_synthetics_canary.canary"]

    assert canary["schedule"] == {"expression": rate}
    assert set(canary["run_config"]["environment_variables"]) == {"PUBLIC_URL"}


def test_what_watches_changes_no_address_of_what_is_watched(
    everything: Synthesized, article: Synthesized
) -> None:
    for name, stack in article.stacks.items():
        assert set(stack.addresses) <= set(everything[name].addresses)


@pytest.mark.parametrize("stack", ["foundation", "service-orders", "gateway"])
def test_everything_is_valid(validate: Validate, everything: Synthesized, stack: str) -> None:
    verdict = validate(everything.outdir / "stacks" / stack)

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
