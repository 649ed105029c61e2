"""What each value may be, said in words, at its line."""

from collections.abc import Callable

import pytest

from hatchway.topology import Problem

Break = Callable[..., tuple[Problem, ...]]
Report = Callable[[str], tuple[Problem, ...]]

CASES = {
    "unknown_key_with_a_guess": (
        ("integration_timeout_milliseconds", "integration_timeout_miliseconds"),
        (
            63,
            "services.billing.integration_timeout_miliseconds",
            "is not a known key, did you mean 'integration_timeout_milliseconds'?",
            None,
        ),
        None,
    ),
    "unknown_key_without_a_guess": (
        ("    bucket: estate-state", "    bucket: estate-state\n    colour: red"),
        (10, "state.s3.colour", "is not a known key", None),
        "Keys known here: bucket, region, key_prefix, kms_key_id, role.",
    ),
    "state_key_that_terraform_would_refuse": (
        ("    bucket: estate-state", "    bucket: estate-state\n    kms_key_id: terraform-state"),
        (
            10,
            "state.s3.kms_key_id",
            "is not the id, alias or ARN of a KMS key such as 'alias/terraform-state'",
            "terraform-state",
        ),
        None,
    ),
    "misspelled_required_key_is_one_problem": (
        ("gateway:\n  account", "gateway:\n  acount"),
        (38, "gateway.acount", "is not a known key, did you mean 'account'?", None),
        None,
    ),
    "misspelled_section_is_one_problem": (
        ("transit:", "transits:"),
        (34, "transits", "is not a known key, did you mean 'transit'?", None),
        None,
    ),
    "misspelled_choice_is_one_problem": (
        ("  create:\n    account: edge", "  creates:\n    account: edge"),
        (35, "transit.creates", "is not a known key, did you mean 'create'?", None),
        None,
    ),
    "missing_key": (
        ("name: estate\n", ""),
        (1, "name", "is missing", None),
        "Add it. Name of the estate; part of the names of what is created.",
    ),
    "account_id_without_quotes": (
        ('"222222222222"', "222222222222"),
        (5, "accounts.orders.id", "has to be text", 222222222222),
        'Put it in quotes: "222222222222".',
    ),
    "account_id_without_quotes_that_begins_with_zero": (
        ('"333333333333"', "033333333333"),
        (6, "accounts.billing.id", "has to be text", 33333333333),
        'Put it in quotes: "033333333333".',
    ),
    "account_id_of_eleven_digits": (
        ('"333333333333"', '"33333333333"'),
        (6, "accounts.billing.id", "is not an account id of 12 digits", "33333333333"),
        None,
    ),
    "account_id_of_digits_that_are_not_ascii": (
        ('"333333333333"', '"٣٣٣٣٣٣٣٣٣٣٣٣"'),
        (6, "accounts.billing.id", "is not an account id of 12 digits", "٣" * 12),
        None,
    ),
    "region_that_is_a_zone": (
        ("    region: eu-west-1\nnetworks", "    region: eu-west-1a\nnetworks"),
        (10, "state.s3.region", "is not a region such as 'eu-west-1'", "eu-west-1a"),
        None,
    ),
    "zone_name_for_a_zone_id": (
        ("euw1-az2", "eu-west-1b"),
        (
            18,
            "networks.edge.create.subnets.b.availability_zone_id",
            "is not a zone id such as 'euw1-az1' (a zone name such as 'eu-west-1a' is not one)",
            "eu-west-1b",
        ),
        None,
    ),
    "malformed_name": (
        ("name: estate\n", "name: Estate_1\n"),
        (
            2,
            "name",
            "is not a name: at most 24 lower-case letters, digits and single hyphens, a letter first",
            "Estate_1",
        ),
        None,
    ),
    "range_with_host_bits": (
        ("cidr: 10.1.1.0/24", "cidr: 10.1.1.7/24"),
        (
            26,
            "networks.orders.existing.subnets.right.cidr",
            "is an address in a range: the range itself is '10.1.1.0/24'",
            "10.1.1.7/24",
        ),
        None,
    ),
    "range_that_is_none": (
        ("cidr: 10.1.1.0/24", "cidr: ten"),
        (
            26,
            "networks.orders.existing.subnets.right.cidr",
            "is not an IPv4 range such as '10.0.0.0/16'",
            "ten",
        ),
        None,
    ),
    "range_that_is_public": (
        ("cidr: 10.1.1.0/24", "cidr: 8.8.8.0/24"),
        (
            26,
            "networks.orders.existing.subnets.right.cidr",
            "is not in a private range (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 100.64.0.0/10)",
            "8.8.8.0/24",
        ),
        None,
    ),
    "address_that_is_none": (
        ("left: 10.1.0.7", "left: 10.1.0.700"),
        (
            46,
            "services.orders.endpoint.addresses.left",
            "is not an IPv4 address such as '10.0.0.10'",
            "10.1.0.700",
        ),
        None,
    ),
    "path_that_is_none": (
        ("path: /orders\n", "path: orders/\n"),
        (
            43,
            "services.orders.path",
            "is not a path such as '/' or '/orders/v1': letters, digits and ._-: after each slash",
            "orders/",
        ),
        None,
    ),
    "greedy_part_in_the_middle": (
        ("/{proxy+}", "/{proxy+}/more"),
        (
            66,
            "services.billing.api.routes[0].path",
            "is not a resource path such as '/', '/orders/{id}' or '/orders/{proxy+}' (greedy: last)",
            "/{proxy+}/more",
        ),
        None,
    ),
    "request_without_a_method": (
        ("HEAD /ordersheet", "/ordersheet"),
        (
            68,
            "services.billing.checks[0].request",
            "is not a request such as 'GET /orders/1': a method in capitals, a space, a path with its '/'",
            "/ordersheet",
        ),
        None,
    ),
    "method_that_is_none": (
        ("method: POST", "method: Post"),
        (
            52,
            "services.orders.api.routes[3].method",
            "has to be 'GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS' or 'ANY'",
            "Post",
        ),
        "Did you mean 'POST'?",
    ),
    "placement_with_a_guess": (
        ("placement: gateway", "placement: gatway"),
        (62, "services.billing.endpoint.placement", "has to be 'service' or 'gateway'", "gatway"),
        "Did you mean 'gateway'?",
    ),
    "number_too_small": (
        ("milliseconds: 5000", "milliseconds: 5"),
        (63, "services.billing.integration_timeout_milliseconds", "has to be at least 50", 5),
        None,
    ),
    "number_too_large": (
        ("milliseconds: 5000", "milliseconds: 300001"),
        (63, "services.billing.integration_timeout_milliseconds", "has to be at most 300000", 300001),
        None,
    ),
    "number_in_quotes": (
        ("milliseconds: 5000", 'milliseconds: "5000"'),
        (63, "services.billing.integration_timeout_milliseconds", "has to be a whole number", "5000"),
        None,
    ),
    "number_that_is_a_truth_value": (
        ("milliseconds: 5000", "milliseconds: true"),
        (63, "services.billing.integration_timeout_milliseconds", "has to be a whole number", True),
        None,
    ),
    "number_with_a_fraction": (
        ("milliseconds: 5000", "milliseconds: 5000.5"),
        (63, "services.billing.integration_timeout_milliseconds", "has to be a whole number", 5000.5),
        None,
    ),
    "asn_that_is_public": (
        ("  create:\n    account: edge", "  create: {account: edge, amazon_side_asn: 65535}"),
        (
            35,
            "transit.create.amazon_side_asn",
            "is not a private ASN: 64512 to 65534, or 4200000000 to 4294967294",
            65535,
        ),
        None,
    ),
    "truth_value_in_words": (
        ("  create:\n    account: edge", "  create: {account: edge, within_organization: yes}"),
        (35, "transit.create.within_organization", "has to be true or false", "yes"),
        None,
    ),
    "routed_false": (
        ("  create:\n    account: edge", "  routed: false"),
        (35, "transit.routed", "has to be true", False),
        None,
    ),
    "two_choices": (
        ("  create:\n    account: edge", "  routed: true\n  create:\n    account: edge"),
        (34, "transit", "needs exactly one of 'create', 'existing', 'peering' and 'routed'", None),
        None,
    ),
    "mapping_for_text": (
        ("name: estate\n", "name: {first: estate}\n"),
        (2, "name", "has to be text, not a mapping", None),
        None,
    ),
    "list_for_a_mapping": (
        ("gateway:\n  account: edge\n  network: edge\n", "gateway: [edge, edge]\n"),
        (37, "gateway", "has to be a mapping of keys, not a list", None),
        (
            "Keys of it: account, network, kind, vpc_link, name, stage, api_id_header, authorizer, "
            "authorizers, removed_request_headers, overwritten_request_headers, domain, web_acl, throttling, "
            "usage_plans, cors, gateway_responses, binary_media_types, minimum_compression_bytes, "
            "canary_release, raised_quotas."
        ),
    ),
    "mapping_for_a_list": (
        ("      - request: HEAD /ordersheet", "      request: HEAD /ordersheet"),
        (67, "services.billing.checks", "has to be a list, not a mapping", None),
        None,
    ),
    "section_without_a_value": (
        ("gateway:\n  account: edge\n  network: edge\n", "gateway:\n"),
        (37, "gateway", "has no value", None),
        (
            "Keys of it: account, network, kind, vpc_link, name, stage, api_id_header, authorizer, "
            "authorizers, removed_request_headers, overwritten_request_headers, domain, web_acl, throttling, "
            "usage_plans, cors, gateway_responses, binary_media_types, minimum_compression_bytes, "
            "canary_release, raised_quotas."
        ),
    ),
    "value_left_out": (
        ("tags: {team: platform}", "tags:"),
        (69, "tags", "has no value", None),
        "Give it one, or remove the key.",
    ),
    "list_without_entries": (
        ('        - {method: ANY, path: "/{proxy+}", mock: {}}\n', "        []\n"),
        (65, "services.billing.api.routes", "is empty", None),
        "Add at least one entry.",
    ),
    "authorizer_that_is_none_of_the_kinds": (
        ("  network: edge", "  network: edge\n  authorizer: iam"),
        (40, "gateway.authorizer", "has to be 'none' or a mapping of keys", "iam"),
        None,
    ),
    "alias_in_the_key_path": (
        ("  network: edge", "  network: edge\n  authorizer: {lambda: {timeout_seconds: 30}}"),
        (40, "gateway.authorizer.lambda.timeout_seconds", "has to be at most 29", 30),
        None,
    ),
    "secret_is_not_shown": (
        ('"hush-hush"', '"hush hush"'),
        (
            6,
            "accounts.billing.external_id",
            "is not an external id: 2 to 1224 letters, digits and +=,.@:/-",
            None,
        ),
        None,
    ),
}


@pytest.mark.parametrize(("edit", "expected", "fix"), CASES.values(), ids=CASES.keys())
def test_reports_exactly(
    breaking: Break, edit: tuple[str, str], expected: tuple[int, str, str, object], fix: str | None
) -> None:
    assert breaking(edit) == (Problem(*expected, fix),)


def test_reports_every_problem_of_a_file_in_its_order(breaking: Break) -> None:
    problems = breaking(
        ("version: 1", "version: 2"),
        ("    bucket: estate-state", "    bucket: estate-state\n    colour: red"),
        ("euw1-az2", "euw1-az1"),
        ("  network: edge", "  network: edge\n  stage: a b"),
        ("path: /orders\n", "path: orders\n"),
        ("HEAD /ordersheet", "HEAD ordersheet"),
        ("{a: 10.0.0.11, b: 10.0.1.11}", "{a: 10.0.0.10, b: 10.0.1.11}"),
    )

    assert [(problem.line, problem.key) for problem in problems] == [
        (1, "version"),
        (10, "state.s3.colour"),
        (19, "networks.edge.create.subnets.b.availability_zone_id"),
        (41, "gateway.stage"),
        (45, "services.orders.path"),
        (62, "services.billing.load_balancer.addresses.a"),
        (70, "services.billing.checks[0].request"),
    ]


def test_a_mistake_in_a_section_hides_no_rule_about_its_other_keys(breaking: Break) -> None:
    problems = breaking(
        (
            "    account: edge\n    create:\n      cidr",
            "    account: edge\n    shape: round\n    create:\n      cidr",
        ),
        ("cidr: 10.0.1.0/24", "cidr: 10.0.0.0/24"),
        ("b: 10.0.1.11", "b: 10.0.0.11"),
    )

    assert [(problem.key, problem.message) for problem in problems] == [
        ("networks.edge.shape", "is not a known key"),
        ("networks.edge.create.subnets.b.cidr", "overlaps subnet 'a' (10.0.0.0/24)"),
    ]


def test_a_reference_to_a_section_with_mistakes_is_no_problem_of_its_own(breaking: Break) -> None:
    problems = breaking(('edge: {id: "111111111111", region: eu-west-1}', "edge: 5"))

    assert [(problem.key, problem.message) for problem in problems] == [
        ("accounts.edge", "has to be a mapping of keys, not a value")
    ]


def test_a_reference_to_a_malformed_name_is_no_problem_of_its_own(estate: str, problems_of: Report) -> None:
    text = estate.replace("  orders: {id", "  Orders: {id").replace("account: orders", "account: Orders")

    assert {problem.message for problem in problems_of(text)} == {
        "is not a name: at most 24 lower-case letters, digits and single hyphens, a letter first"
    }


def test_values_of_secret_keys_are_not_shown_in_a_section_of_the_wrong_shape(breaking: Break) -> None:
    problems = breaking(
        ('billing: {id: "333333333333", region: eu-west-1, external_id: "hush-hush"}', "billing: [hush-hush]")
    )

    assert "hush" not in "\n".join(map(str, problems))
