"""One rule, one break, exactly that problem. Lines are those of estate.yaml."""

from collections.abc import Callable

import pytest

from hatchway.topology import Problem

Break = Callable[..., tuple[Problem, ...]]


def test_accepts_the_good_topology(breaking: Break) -> None:
    assert breaking() == ()


CASES = {
    "one_name_per_account": (
        ('"333333333333"', '"111111111111"'),
        (6, "accounts.billing.id", "is the id of accounts.edge too", "111111111111"),
        "Use one name for the account: write 'edge' wherever it is 'billing'.",
    ),
    "deploy_role_of_another_account": (
        ("iam::222222222222", "iam::444444444444"),
        (
            5,
            "accounts.orders.deploy_role",
            "is a role of account 444444444444, not of 222222222222",
            "arn:aws:iam::444444444444:role/deploy",
        ),
        "Name a role of accounts.orders, or correct accounts.orders.id.",
    ),
    "verify_role_of_another_account": (
        ('role/deploy"}', 'role/deploy", verify_role: "arn:aws:iam::444444444444:role/verify"}'),
        (
            5,
            "accounts.orders.verify_role",
            "is a role of account 444444444444, not of 222222222222",
            "arn:aws:iam::444444444444:role/verify",
        ),
        "Name a role of accounts.orders, or correct accounts.orders.id.",
    ),
    "network_of_an_unknown_account": (
        ("  spare:\n    account: billing", "  spare:\n    account: biling"),
        (28, "networks.spare.account", "is not the name of an account", "biling"),
        "Did you mean 'billing'?",
    ),
    "one_name_per_vpc": (
        ("vpc-0c0c0c0c", "vpc-0a0a0a0a"),
        (30, "networks.spare.existing.vpc_id", "is the id of networks.orders too", "vpc-0a0a0a0a"),
        "Use one name for the network: write 'orders' wherever it is 'spare'.",
    ),
    "vpc_too_large": (
        ("vpc_id: vpc-0c0c0c0c\n      cidr: 10.1.0.0/16", "vpc_id: vpc-0c0c0c0c\n      cidr: 10.0.0.0/15"),
        (31, "networks.spare.existing.cidr", "has 131072 addresses, AWS takes /16 to /28", "10.0.0.0/15"),
        "Choose a range of another size.",
    ),
    "subnet_too_small": (
        ("subnet-0c0c0c0c, cidr: 10.1.0.0/24", "subnet-0c0c0c0c, cidr: 10.1.0.0/29"),
        (
            33,
            "networks.spare.existing.subnets.a.cidr",
            "has 8 addresses, AWS takes /16 to /28",
            "10.1.0.0/29",
        ),
        "Choose a range of another size.",
    ),
    "subnet_outside_its_network": (
        ("subnet-0c0c0c0c, cidr: 10.1.0.0/24", "subnet-0c0c0c0c, cidr: 10.2.0.0/24"),
        (
            33,
            "networks.spare.existing.subnets.a.cidr",
            "is outside its network (10.1.0.0/16)",
            "10.2.0.0/24",
        ),
        "Choose a part of 10.1.0.0/16, or a larger networks.spare.existing.cidr.",
    ),
    "overlapping_subnets": (
        ("cidr: 10.1.1.0/24", "cidr: 10.1.0.0/25"),
        (
            26,
            "networks.orders.existing.subnets.right.cidr",
            "overlaps subnet 'left' (10.1.0.0/28)",
            "10.1.0.0/25",
        ),
        "Choose ranges that are apart.",
    ),
    "one_name_per_subnet": (
        ("subnet-0b0b0b0b", "subnet-0a0a0a0a"),
        (
            26,
            "networks.orders.existing.subnets.right.subnet_id",
            "is the id of subnet 'left' too",
            "subnet-0a0a0a0a",
        ),
        "Name each subnet once.",
    ),
    "zone_of_another_region": (
        ("euw1-az2", "euc1-az2"),
        (
            18,
            "networks.edge.create.subnets.b.availability_zone_id",
            "is not in eu-west-1, the region of accounts.edge",
            "euc1-az2",
        ),
        "Zone ids of eu-west-1 begin with 'euw1-'.",
    ),
    "two_subnets_in_one_zone": (
        ("euw1-az2", "euw1-az1"),
        (
            18,
            "networks.edge.create.subnets.b.availability_zone_id",
            "is the zone of subnet 'a' too",
            "euw1-az1",
        ),
        "Load balancers and endpoints take one subnet per zone: choose another, or remove one.",
    ),
    "gateway_of_an_unknown_account": (
        ("gateway:\n  account: edge", "gateway:\n  account: egde"),
        (38, "gateway.account", "is not the name of an account", "egde"),
        "Did you mean 'edge'?",
    ),
    "gateway_in_an_unknown_network": (
        ("  network: edge", "  network: nowhere"),
        (39, "gateway.network", "is not the name of a network", "nowhere"),
        "Declared: edge, orders, spare.",
    ),
    "transit_of_an_unknown_account": (
        ("  create:\n    account: edge", "  create:\n    account: edges"),
        (36, "transit.create.account", "is not the name of an account", "edges"),
        "Did you mean 'edge'?",
    ),
    "existing_transit_of_an_unknown_account": (
        (
            "  create:\n    account: edge",
            "  existing:\n    {transit_gateway_id: tgw-0a0a0a0a, account: elsewhere}",
        ),
        (36, "transit.existing.account", "is not the name of an account", "elsewhere"),
        "Declared: edge, orders, billing.",
    ),
    "transit_missing": (
        ("transit:\n  create:\n    account: edge\n", ""),
        (
            1,
            "transit",
            (
                "is missing, and services.orders.endpoint is in network 'orders', "
                "away from the gateway's ('edge')"
            ),
            None,
        ),
        (
            "Add transit.create.account to create a Transit Gateway, name one under transit.existing, say "
            "transit.routed: true where the networks reach each other already, or set endpoint.placement to "
            "'gateway'."
        ),
    ),
    "service_of_an_unknown_account": (
        ("    account: billing\n    path", "    account: bills\n    path"),
        (57, "services.billing.account", "is not the name of an account", "bills"),
        "Did you mean 'billing'?",
    ),
    "service_in_another_region": (
        ('"333333333333", region: eu-west-1', '"333333333333", region: eu-central-1'),
        (57, "services.billing.account", "is in eu-central-1, the gateway in eu-west-1", "billing"),
        (
            "Endpoints and Transit Gateway reach nothing in another region: use accounts of one region, or "
            "correct accounts.billing.region."
        ),
    ),
    "endpoint_in_an_unknown_network": (
        ("      network: orders", "      network: order"),
        (45, "services.orders.endpoint.network", "is not the name of a network", "order"),
        "Did you mean 'orders'?",
    ),
    "endpoint_without_a_network": (
        ("      network: orders\n", ""),
        (
            44,
            "services.orders.endpoint.network",
            "is missing, and placement 'service' has no default for it",
            None,
        ),
        "Name a network of the service's account, or set endpoint.placement to 'gateway'.",
    ),
    "endpoint_beside_the_gateway_in_another_network": (
        ("placement: gateway", "{placement: gateway, network: spare}"),
        (62, "services.billing.endpoint.network", "is not the gateway's network ('edge')", "spare"),
        "Placement 'gateway' puts the endpoint beside the load balancers: remove this key, or that.",
    ),
    "one_path_for_two_services": (
        ("    path: /orders\n", "    path: /\n"),
        (58, "services.billing.path", "is the path of services.orders too", "/"),
        "Give each service a path of its own. One may lie under another: '/' and '/orders' do.",
    ),
    "address_in_an_unknown_subnet": (
        ("{left: 10.1.0.7}", "{lefty: 10.1.0.7}"),
        (
            46,
            "services.orders.endpoint.addresses.lefty",
            "is not the name of a subnet of networks.orders",
            "lefty",
        ),
        "Did you mean 'left'?",
    ),
    "address_outside_its_subnet": (
        ("left: 10.1.0.7", "left: 10.1.0.16"),
        (
            46,
            "services.orders.endpoint.addresses.left",
            "is outside subnet 'left' of networks.orders (10.1.0.0/28)",
            "10.1.0.16",
        ),
        "Choose an address in it, such as 10.1.0.10.",
    ),
    "address_of_aws_at_the_start": (
        ("left: 10.1.0.7", "left: 10.1.0.3"),
        (
            46,
            "services.orders.endpoint.addresses.left",
            "is an address that AWS keeps for itself in subnet 'left' of networks.orders (10.1.0.0/28)",
            "10.1.0.3",
        ),
        "The first four and the last of a subnet are AWS's: choose another, such as 10.1.0.10.",
    ),
    "address_of_aws_at_the_end": (
        ("left: 10.1.0.7", "left: 10.1.0.15"),
        (
            46,
            "services.orders.endpoint.addresses.left",
            "is an address that AWS keeps for itself in subnet 'left' of networks.orders (10.1.0.0/28)",
            "10.1.0.15",
        ),
        "The first four and the last of a subnet are AWS's: choose another, such as 10.1.0.10.",
    ),
    "default_address_outside_a_small_subnet": (
        ("euw1-az1, cidr: 10.0.0.0/24", "euw1-az1, cidr: 10.0.0.0/28"),
        (
            61,
            "services.billing.endpoint.addresses.a",
            "is not given, and the default 10.0.0.20 is outside subnet 'a' of networks.edge (10.0.0.0/28)",
            None,
        ),
        "Name one in it, such as 10.0.0.4.",
    ),
    "pinned_address_twice": (
        ("a: 10.0.0.11", "a: 10.0.0.10"),
        (
            60,
            "services.billing.load_balancer.addresses.a",
            "is the address of services.orders.load_balancer too",
            "10.0.0.10",
        ),
        "Choose another, such as 10.0.0.11.",
    ),
    "default_addresses_twice": (
        ("    load_balancer:\n      addresses: {a: 10.0.0.11, b: 10.0.1.11}\n", ""),
        (
            56,
            "services.billing.load_balancer.addresses",
            "has the defaults (a: 10.0.0.10, b: 10.0.1.10) that services.orders.load_balancer has too",
            None,
        ),
        "Set services.billing.load_balancer.addresses, for example to {a: 10.0.0.11, b: 10.0.1.11}.",
    ),
    "one_default_address_twice": (
        ("{a: 10.0.0.11, b: 10.0.1.11}", "{a: 10.0.0.11}"),
        (
            60,
            "services.billing.load_balancer.addresses",
            "has the defaults (b: 10.0.1.10) that services.orders.load_balancer has too",
            None,
        ),
        "Set services.billing.load_balancer.addresses, for example to {b: 10.0.1.11}.",
    ),
    "duplicate_route": (
        ("method: ANY, path: /test", "method: GET, path: /test"),
        (
            50,
            "services.orders.api.routes[1]",
            "is the route of services.orders.api.routes[0] too",
            "GET /test",
        ),
        "Keep one of the two.",
    ),
    "two_variables_in_one_place": (
        ("/items/{id}/parts", "/items/{item}/parts"),
        (
            52,
            "services.orders.api.routes[3].path",
            "has {item} where another route has {id}, under '/items'",
            "/items/{item}/parts",
        ),
        "API Gateway takes one variable in one place: write {id} in both.",
    ),
    "greedy_variable_beside_another": (
        ("/items/{id}/parts", "/items/{id+}"),
        (
            52,
            "services.orders.api.routes[3].path",
            "has {id+} where another route has {id}, under '/items'",
            "/items/{id+}",
        ),
        "API Gateway takes one variable in one place: write {id} in both.",
    ),
    "check_outside_the_service": (
        ("GET /orders/test?verbose=1", "GET /test"),
        (
            54,
            "services.orders.checks[0].request",
            "is not under services.orders.path ('/orders')",
            "GET /test",
        ),
        "Write a path under '/orders', as a caller of the public API does.",
    ),
    "check_answered_by_another_service": (
        ("HEAD /ordersheet", "HEAD /orders/sheet"),
        (
            68,
            "services.billing.checks[0].request",
            "goes to services.orders (path '/orders')",
            "HEAD /orders/sheet",
        ),
        "Move the check to services.orders.",
    ),
    "tag_of_aws": (
        ("tags: {team: platform}", "tags: {AWS:team: platform}"),
        (69, "tags.AWS:team", "begins with 'aws:', which AWS keeps for itself", None),
        "Choose another key.",
    ),
    "tag_value_too_long": (
        ("team: platform", f"team: {'x' * 257}"),
        (69, "tags.team", "has a value of more than 256 characters", None),
        "Shorten it.",
    ),
}


@pytest.mark.parametrize(("edit", "expected", "fix"), CASES.values(), ids=CASES.keys())
def test_reports_exactly(
    breaking: Break, edit: tuple[str, str], expected: tuple[int, str, str, object], fix: str
) -> None:
    assert breaking(edit) == (Problem(*expected, fix),)


def test_reports_networks_that_overlap_over_transit(breaking: Break) -> None:
    problems = breaking(
        ("      cidr: 10.0.0.0/16\n", "      cidr: 10.1.0.0/16\n"),
        ("az1, cidr: 10.0.0.0/24", "az1, cidr: 10.1.0.0/24"),
        ("az2, cidr: 10.0.1.0/24", "az2, cidr: 10.1.1.0/24"),
        ("{a: 10.0.0.11, b: 10.0.1.11}", "{a: 10.1.0.11, b: 10.1.1.11}"),
    )

    assert problems == (
        Problem(
            23,
            "networks.orders.existing.cidr",
            "overlaps networks.edge (10.1.0.0/16)",
            "10.1.0.0/16",
            "Transit Gateway does not route between overlapping networks. Choose another range, or set "
            "services.orders.endpoint.placement to 'gateway', which needs no transit.",
        ),
    )


def test_reports_two_services_networks_that_overlap(breaking: Break) -> None:
    problems = breaking(("placement: gateway", "network: spare"))

    assert [(problem.line, problem.key, problem.message) for problem in problems] == [
        (31, "networks.spare.existing.cidr", "overlaps networks.orders (10.1.0.0/16)")
    ]
    assert "services.billing.endpoint.placement" in (problems[0].fix or "")


def test_accepts_overlapping_networks_that_never_meet(breaking: Break) -> None:
    assert breaking() == ()  # networks.spare and networks.orders have one range


def test_needs_no_transit_when_all_endpoints_are_beside_the_gateway(breaking: Break) -> None:
    assert (
        breaking(
            ("transit:\n  create:\n    account: edge\n", ""),
            ("      network: orders\n      addresses: {left: 10.1.0.7}\n", "      placement: gateway\n"),
            (
                "    endpoint:\n      placement: gateway\n    integ",
                "    endpoint: {placement: gateway, addresses: {a: 10.0.0.21, b: 10.0.1.21}}\n    integ",
            ),
        )
        == ()
    )


def test_reports_a_gateway_network_of_another_account_and_nothing_that_follows(breaking: Break) -> None:
    problems = breaking(
        ("  network: edge", "  network: spare"),
        ("      network: orders", "      placement: gateway"),
        ("{left: 10.1.0.7}", "{a: 10.1.0.21}"),
    )

    assert [(problem.line, problem.key, problem.message) for problem in problems] == [
        (39, "gateway.network", "is in account 'billing', not in the gateway's ('edge')")
    ]


def test_reports_an_endpoint_in_the_gateways_network_and_nothing_that_follows(breaking: Break) -> None:
    problems = breaking(("      network: orders\n      addresses: {left: 10.1.0.7}", "      network: edge"))

    assert [(problem.line, problem.key, problem.message) for problem in problems] == [
        (
            45,
            "services.orders.endpoint.network",
            "is in account 'edge', not in the service's ('orders')",
        )
    ]


def test_reports_an_endpoint_in_another_account_than_its_service(breaking: Break) -> None:
    problems = breaking(
        ("    account: billing\n    path", "    account: edge\n    path"),
        ("placement: gateway", "network: spare"),
    )

    assert [(problem.key, problem.message) for problem in problems] == [
        ("networks.spare.existing.cidr", "overlaps networks.orders (10.1.0.0/16)"),
        ("services.billing.endpoint.network", "is in account 'billing', not in the service's ('edge')"),
    ]


def test_reports_transit_in_another_region(breaking: Break) -> None:
    problems = breaking(
        ('"333333333333", region: eu-west-1', '"333333333333", region: eu-central-1'),
        ("  create:\n    account: edge", "  create:\n    account: billing"),
    )

    assert [(problem.line, problem.key, problem.message) for problem in problems] == [
        (36, "transit.create.account", "is in eu-central-1, the gateway in eu-west-1"),
        (57, "services.billing.account", "is in eu-central-1, the gateway in eu-west-1"),
    ]


def test_reports_an_endpoint_at_the_address_of_its_own_load_balancer(breaking: Break) -> None:
    problems = breaking(("placement: gateway", "addresses: {a: 10.0.0.11}\n      placement: gateway"))

    assert [(problem.line, problem.key, problem.message) for problem in problems] == [
        (62, "services.billing.endpoint.addresses.a", "is the address of services.billing.load_balancer too")
    ]


def test_proposes_each_free_address_once(breaking: Break) -> None:
    third = (
        "  third:\n    account: billing\n    path: /third\n"
        "    endpoint: {placement: gateway, addresses: {a: 10.0.0.30, b: 10.0.1.30}}\n"
        "    api: {routes: [{method: GET, path: /, mock: {}}]}\n"
    )
    problems = breaking(
        ("    load_balancer:\n      addresses: {a: 10.0.0.11, b: 10.0.1.11}\n", ""),
        ("tags:", third + "tags:"),
    )

    assert [problem.fix for problem in problems] == [
        "Set services.billing.load_balancer.addresses, for example to {a: 10.0.0.11, b: 10.0.1.11}.",
        "Set services.third.load_balancer.addresses, for example to {a: 10.0.0.12, b: 10.0.1.12}.",
    ]


def test_reports_more_than_fifty_tags(breaking: Break) -> None:
    tags = ", ".join(f"t{number}: x" for number in range(51))

    assert breaking(("{team: platform}", f"{{{tags}}}")) == (
        Problem(69, "tags", "has more than 50 tags", 51, None),
    )
