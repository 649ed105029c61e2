"""What `hatchway bootstrap` creates: the state bucket, its role, and deploy roles."""

import json
from collections.abc import Callable

import pytest

from constructs_lib.bootstrap import synthesize_bootstrap
from hatchway.topology import load
from tests.synth.synthesized import Document, Stack, Synth, Synthesized, Validate

CI = "arn:aws:iam::111111111111:role/ci"
Bootstrapped = Callable[..., Synthesized]


@pytest.fixture
def bootstrapped(tmp_path_factory: pytest.TempPathFactory) -> Bootstrapped:
    def run(document: Document, *administrators: str) -> Synthesized:
        folder = tmp_path_factory.mktemp("bootstrap")
        document.setdefault("bootstrap", {"trusted_principals": [CI]})
        (folder / "hatchway.yaml").write_text(json.dumps(document))
        synthesize_bootstrap([load(folder / "hatchway.yaml")], administrators, folder / "out")
        return Synthesized(folder / "out")

    return run


@pytest.fixture
def stack(bootstrapped: Bootstrapped, document: Document) -> Stack:
    return bootstrapped(document)["bootstrap"]


def actions(stack: Stack, role: str, service: str) -> set[str]:
    policies = [
        json.loads(body["policy"])
        for address, body in stack.resources.items()
        if address.startswith(f"aws_iam_policy.{role}_")
    ]
    return {
        action.split(":")[1]
        for policy in policies
        for statement in policy["Statement"]
        for action in statement["Action"]
        if action.startswith(f"{service}:")
    }


def test_it_is_a_stack_of_its_own_with_its_state_in_the_bucket_it_makes(stack: Stack) -> None:
    backend = stack.document["terraform"]["backend"]["s3"]

    assert (backend["bucket"], backend["key"]) == ("article-terraform-state", "article/bootstrap.tfstate")
    assert "assume_role" not in backend


def test_the_bucket_keeps_versions_is_encrypted_and_is_never_public_nor_deleted(stack: Stack) -> None:
    found = stack.resources

    assert found["aws_s3_bucket.state"]["lifecycle"] == {"prevent_destroy": True}
    assert found["aws_s3_bucket_versioning.state"]["versioning_configuration"] == {"status": "Enabled"}
    encryption = found["aws_s3_bucket_server_side_encryption_configuration.state"]["rule"][0]
    assert encryption["apply_server_side_encryption_by_default"] == {"sse_algorithm": "AES256"}
    block = found["aws_s3_bucket_public_access_block.state"]
    assert [block[name] for name in block if name.startswith(("block", "ignore", "restrict"))] == [True] * 4
    ownership = found["aws_s3_bucket_ownership_controls.state"]["rule"]
    assert ownership == {"object_ownership": "BucketOwnerEnforced"}
    rule = found["aws_s3_bucket_lifecycle_configuration.state"]["rule"][0]
    assert rule["noncurrent_version_expiration"] == [
        {"newer_noncurrent_versions": 10, "noncurrent_days": 365}
    ]


def test_the_bucket_refuses_plain_text_and_old_tls(stack: Stack) -> None:
    policy = stack.policy("aws_s3_bucket_policy.state")

    assert {each["Effect"] for each in policy["Statement"]} == {"Deny"}
    assert [each["Condition"] for each in policy["Statement"]] == [
        {"Bool": {"aws:SecureTransport": "false"}},
        {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    ]
    for each in policy["Statement"]:
        assert each["Resource"] == [
            "arn:aws:s3:::article-terraform-state",
            "arn:aws:s3:::article-terraform-state/*",
        ]


def test_a_key_encrypts_the_bucket_and_the_state_role_may_use_it_through_s3_alone(
    bootstrapped: Bootstrapped, document: Document
) -> None:
    document["state"]["s3"]["kms_key_id"] = "alias/terraform-state"

    stack = bootstrapped(document)["bootstrap"]

    rule = stack.resources["aws_s3_bucket_server_side_encryption_configuration.state"]["rule"][0]
    assert rule["apply_server_side_encryption_by_default"] == {
        "kms_master_key_id": "alias/terraform-state",
        "sse_algorithm": "aws:kms",
    }
    assert rule["bucket_key_enabled"] is True
    statement = stack.policy("aws_iam_policy.state_1")["Statement"][-1]
    assert statement["Condition"] == {"StringEquals": {"kms:ViaService": "s3.eu-west-1.amazonaws.com"}}


def test_the_state_role_reads_and_writes_state_and_deletes_locks_only(stack: Stack) -> None:
    role = stack.resources["aws_iam_role.state"]
    policy = stack.policy("aws_iam_policy.state_1")

    assert role["name"] == "hatchway-state"
    assert role["provider"] == "aws.edge"
    deleted = [each["Resource"] for each in policy["Statement"] if "s3:DeleteObject" in each["Action"]]
    assert deleted == ["arn:aws:s3:::article-terraform-state/article/*.tfstate.tflock"]


@pytest.mark.parametrize(("account", "digit"), [("edge", "1"), ("orders", "2")])
def test_each_account_has_the_deploy_role_that_it_names(stack: Stack, account: str, digit: str) -> None:
    role = stack.resources[f"aws_iam_role.deploy_{account}"]

    assert role["name"] == "hatchway-deploy"
    assert role["provider"] == f"aws.{account}"
    trust = json.loads(role["assume_role_policy"])["Statement"]
    assert trust == [{"Action": "sts:AssumeRole", "Effect": "Allow", "Principal": {"AWS": [CI]}}]
    assert f"{digit * 12}" in stack.resources[f"aws_iam_policy.deploy_{account}_1"]["policy"]


def test_an_external_id_is_asked_for(bootstrapped: Bootstrapped, document: Document) -> None:
    document["accounts"]["orders"]["external_id"] = "hatchway/orders"

    role = bootstrapped(document)["bootstrap"].resources["aws_iam_role.deploy_orders"]

    trust = json.loads(role["assume_role_policy"])["Statement"][0]
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "hatchway/orders"}}


def test_a_role_may_do_what_its_account_needs_and_nothing_else(stack: Stack) -> None:
    assert "CreateVpcEndpoint" in actions(stack, "deploy_orders", "ec2")
    assert "CreateVpcEndpoint" not in actions(stack, "deploy_edge", "ec2")
    assert "CreateLoadBalancer" in actions(stack, "deploy_edge", "elasticloadbalancing")
    for service in ("elasticloadbalancing", "lambda", "secretsmanager", "iam"):
        assert actions(stack, "deploy_orders", service) == set()
    for service in ("wafv2", "acm", "route53", "synthetics", "cloudwatch"):
        assert actions(stack, "deploy_edge", service) == set()


def test_a_feature_adds_what_it_needs(bootstrapped: Bootstrapped, document: Document) -> None:
    document["observability"] = {"flow_logs": True, "alarms": {}}

    stack = bootstrapped(document)["bootstrap"]

    assert "PutMetricAlarm" in actions(stack, "deploy_orders", "cloudwatch")
    assert "CreateFlowLogs" in actions(stack, "deploy_orders", "ec2")


def test_administrators_create_things_and_roles_are_not_taken_that_are_not_there_yet(
    bootstrapped: Bootstrapped, document: Document
) -> None:
    administrator = "arn:aws:iam::222222222222:role/OrganizationAccountAccessRole"

    stack = bootstrapped(document, "edge=profile:edge-admin", f"orders=role:{administrator}")["bootstrap"]

    edge, orders = stack.document["provider"]["aws"]
    assert (edge["alias"], edge["profile"], "assume_role" in edge) == ("edge", "edge-admin", False)
    assert orders["assume_role"] == [{"role_arn": administrator, "session_name": "hatchway"}]
    assert stack.document["terraform"]["backend"]["s3"]["profile"] == "edge-admin"


def test_a_bucket_in_another_region_than_its_account_has_a_provider_there(
    bootstrapped: Bootstrapped, document: Document
) -> None:
    document["state"]["s3"]["region"] = "eu-central-1"

    stack = bootstrapped(document)["bootstrap"]

    bucket = stack.resources["aws_s3_bucket.state"]
    assert bucket["provider"] == "aws.edge_state"
    regions = {each["alias"]: each["region"] for each in stack.document["provider"]["aws"]}
    assert regions["edge_state"] == "eu-central-1"
    assert stack.resources["aws_iam_role.state"]["provider"] == "aws.edge"


def test_runs_of_hcp_terraform_take_the_roles_of_their_workspaces_and_no_other_may(
    bootstrapped: Bootstrapped, document: Document
) -> None:
    document["state"] = {"hcp": {"organization": "example-org", "project": "platform"}}
    document["bootstrap"] = {}

    stack = bootstrapped(document)["bootstrap"]

    trust = json.loads(stack.resources["aws_iam_role.deploy_orders"]["assume_role_policy"])["Statement"]
    assert trust == [
        {
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"app.terraform.io:aud": "aws.workload.identity"},
                "StringLike": {
                    "app.terraform.io:sub": (
                        "organization:example-org:project:platform:workspace:article-*:run_phase:*"
                    )
                },
            },
            "Effect": "Allow",
            "Principal": {"Federated": "${aws_iam_openid_connect_provider.hcp_orders.arn}"},
        }
    ]
    assert not stack.of_kind("aws_s3_bucket")
    assert stack.document["terraform"]["backend"] == {"local": {"path": "../../../article-bootstrap.tfstate"}}


def test_the_estate_is_the_same_with_and_without_the_section(
    synth: Synth, document: Document, article: Synthesized
) -> None:
    document["bootstrap"] = {"trusted_principals": [CI]}

    with_it = synth(document)

    assert {name: stack.text for name, stack in with_it.stacks.items()} == {
        name: stack.text for name, stack in article.stacks.items()
    }


def test_it_is_valid(validate: Validate, bootstrapped: Bootstrapped, document: Document) -> None:
    document["observability"] = {"flow_logs": True, "alarms": {}, "account_log_role": True}

    verdict = validate(bootstrapped(document).outdir / "stacks" / "bootstrap")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])


def test_roles_for_hcp_terraform_are_valid(
    validate: Validate, bootstrapped: Bootstrapped, document: Document
) -> None:
    document["state"] = {"hcp": {"organization": "example-org"}}

    verdict = validate(bootstrapped(document).outdir / "stacks" / "bootstrap")

    assert (verdict["valid"], verdict["diagnostics"]) == (True, [])
