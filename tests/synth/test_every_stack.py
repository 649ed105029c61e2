"""What holds for each stack: state, providers, names, and what must not be in the JSON."""

import re
import subprocess

import pytest

from tests.synth.synthesized import Document, Synth, Synthesized

STACKS = ["foundation", "service-orders", "gateway"]

# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
DESCRIPTION = re.compile(r"[A-Za-z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def strings(value: object):
    if isinstance(value, dict):
        return [text for entry in value.values() for text in strings(entry)]
    if isinstance(value, list):
        return [text for entry in value for text in strings(entry)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("stack", STACKS)
def test_state_is_one_locked_object_per_stack(article: Synthesized, stack: str) -> None:
    assert article[stack].document["terraform"]["backend"] == {
        "s3": {
            "assume_role": {"role_arn": "arn:aws:iam::111111111111:role/hatchway-state"},
            "bucket": "article-terraform-state",
            "encrypt": True,
            "key": f"article/{stack}.tfstate",
            "region": "eu-west-1",
            "use_lockfile": True,
        }
    }


@pytest.mark.parametrize("stack", STACKS)
def test_one_artefact_serves_both_major_versions_of_the_provider(article: Synthesized, stack: str) -> None:
    terraform = article[stack].document["terraform"]

    assert terraform["required_providers"]["aws"]["version"] == ">= 5.100.0, < 7.0.0"
    assert terraform["required_version"] == ">= 1.11.0"


def test_values_of_other_stacks_are_read_from_their_state_with_the_states_role(article: Synthesized) -> None:
    states = article["gateway"].document["data"]["terraform_remote_state"]

    assert {name: state["config"]["key"] for name, state in states.items()} == {
        "foundation": "article/foundation.tfstate",
        "service-orders": "article/service-orders.tfstate",
    }
    for state in states.values():
        assert state["backend"] == "s3"
        assert state["config"]["bucket"] == "article-terraform-state"
        assert state["config"]["region"] == "eu-west-1"
        assert state["config"]["assume_role"] == {"role_arn": "arn:aws:iam::111111111111:role/hatchway-state"}


@pytest.mark.parametrize(
    ("stack", "aliases"),
    [("foundation", ["edge", "orders"]), ("service-orders", ["orders"]), ("gateway", ["edge"])],
)
def test_a_stack_can_reach_the_accounts_it_builds_in_and_no_other(
    article: Synthesized, stack: str, aliases: list[str]
) -> None:
    providers = article[stack].document["provider"]["aws"]

    assert [provider["alias"] for provider in providers] == aliases
    for provider in providers:
        account = {"edge": "111111111111", "orders": "222222222222"}[provider["alias"]]
        assert provider["allowed_account_ids"] == [account]
        assert provider["region"] == "eu-west-1"
        assert provider["assume_role"] == [
            {"role_arn": f"arn:aws:iam::{account}:role/hatchway-deploy", "session_name": "hatchway"}
        ]


@pytest.mark.parametrize("stack", STACKS)
def test_every_resource_names_its_provider(article: Synthesized, stack: str) -> None:
    without = [
        address
        for address, body in article[stack].resources.items()
        if "provider" not in body and address.startswith("aws_")
    ]

    assert without == []


def test_an_external_id_is_handed_on_where_the_role_asks_for_one(synth: Synth, document: Document) -> None:
    document["accounts"]["orders"]["external_id"] = "hatchway/orders"

    provider = synth(document)["service-orders"].document["provider"]["aws"][0]

    assert provider["assume_role"][0]["external_id"] == "hatchway/orders"


def test_without_a_role_the_ambient_credentials_are_used(synth: Synth, document: Document) -> None:
    del document["accounts"]["orders"]["deploy_role"]
    del document["state"]["s3"]["role"]

    stack = synth(document)["service-orders"].document

    assert "assume_role" not in stack["provider"]["aws"][0]
    assert "assume_role" not in stack["terraform"]["backend"]["s3"]


def test_tags_are_defaults_of_the_provider_and_are_taken_literally(synth: Synth, document: Document) -> None:
    document["tags"] = {"team": "${not.a.reference}"}

    provider = synth(document)["gateway"].document["provider"]["aws"][0]

    assert provider["default_tags"] == [
        {"tags": {"hatchway:topology": "article", "team": "$${not.a.reference}"}}
    ]


def test_an_account_with_a_hyphen_gets_an_alias_that_terraform_takes(
    synth: Synth, document: Document
) -> None:
    document["accounts"]["order-intake"] = document["accounts"].pop("orders")
    document["networks"]["orders"]["account"] = "order-intake"
    document["services"]["orders"]["account"] = "order-intake"

    stack = synth(document)["service-orders"]

    assert stack.document["provider"]["aws"][0]["alias"] == "order_intake"
    assert {body["provider"] for body in stack.resources.values()} == {"aws.order_intake"}


@pytest.mark.parametrize("stack", STACKS)
def test_descriptions_of_security_groups_have_only_characters_that_aws_takes(
    article: Synthesized, stack: str
) -> None:
    described = [
        body["description"]
        for address, body in article[stack].resources.items()
        if address.startswith(("aws_security_group.", "aws_vpc_security_group_"))
    ]

    assert [text for text in described if not DESCRIPTION.fullmatch(text)] == []


@pytest.mark.parametrize("stack", STACKS)
@pytest.mark.parametrize(
    "trace",
    ["endpoints", "access_key", "secret_key", "127.0.0.1", "localhost", "skip_credentials", "http://"],
)
def test_nothing_of_the_sandbox_or_of_this_machine_is_in_the_json(
    article: Synthesized, stack: str, trace: str
) -> None:
    assert trace not in article[stack].text


@pytest.mark.parametrize("stack", STACKS)
def test_no_path_of_this_machine_is_in_the_json(article: Synthesized, stack: str) -> None:
    absolute = [
        text
        for text in strings(article[stack].document)
        if text.startswith("/") and not text.startswith(("/aws/lambda/", "/ping"))
    ]

    assert absolute == []
    assert str(article.outdir) not in article[stack].text


def test_the_functions_package_is_next_to_the_stack_and_named_relative_to_it(article: Synthesized) -> None:
    function = article["gateway"].resources["aws_lambda_function.authorizer"]
    package = article.outdir / "stacks" / "gateway" / function["filename"]

    listing = subprocess.run(
        ["python3", "-m", "zipfile", "-l", str(package)],
        capture_output=True,
        text=True,
        check=True,
    ).stdout

    assert "authorizer.py" in listing
    assert "1980-01-01 00:00:00" in listing
