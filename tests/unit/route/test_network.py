"""Two VPCs, a Transit Gateway between them, and one thing changed at a time."""

from dataclasses import replace
from ipaddress import IPv4Network as Net

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hatchway.route.network.acls import admits as acl_admits
from hatchway.route.network.acls import passes
from hatchway.route.network.crossing import cross
from hatchway.route.network.groups import Peer, admits
from hatchway.route.network.model import (
    Acl,
    AclEntry,
    Attachment,
    Gateway,
    GatewayLink,
    GatewayRoute,
    GroupRule,
    Peering,
    Place,
    Route,
    RouteTable,
    SecurityGroup,
    TargetKind,
    Transit,
    Vpc,
)
from hatchway.route.network.routes import choose
from hatchway.route.symbols import Symbol, SymbolKind, Text
from hatchway.route.truth import Truth


def ident(name: str) -> Text:
    return Text.of(Symbol(name, SymbolKind.ID))


GATEWAY, TABLE = ident("tgw.id"), ident("tgw.table")
NEAR = Vpc(id=ident("a.id"), subject="vpc.a", cidrs=(Net("10.0.0.0/16"),))
FAR = Vpc(id=ident("b.id"), subject="vpc.b", cidrs=(Net("10.1.0.0/16"),))


def route(
    destination: str | None, target: Text = GATEWAY, kind: TargetKind = TargetKind.TRANSIT_GATEWAY
) -> Route:
    network = Net(destination) if destination else None
    return Route(subject=f"route to {destination}", destination=network, kind=kind, target=target)


def place(vpc: Vpc, address: str, *routes: Route) -> Place:
    table = RouteTable(subject=f"table of {vpc.subject}", routes=routes)
    subnet = ident(f"subnet of {vpc.subject}")
    return Place(
        network=Net(address), subnet=subnet, subject=str(subnet), vpc=vpc, zone=Text.of("az1"), table=table
    )


SOURCE = place(NEAR, "10.0.0.10", route("10.1.0.0/16"))
TARGET = place(FAR, "10.1.0.10", route("10.0.0.0/16"))


def attachment(vpc: Vpc) -> Attachment:
    return Attachment(
        id=ident(f"attachment of {vpc.subject}"),
        subject=f"attachment of {vpc.subject}",
        gateway=GATEWAY,
        vpc=vpc.id,
        zones=(Text.of("az1"), Text.of("az2")),
    )


def transit(**changes: object) -> Transit:
    good = Transit(
        vpcs=(NEAR, FAR),
        gateways=(Gateway(id=GATEWAY, subject="tgw", is_in_sight=True, default_table=TABLE),),
        attachments=(attachment(NEAR), attachment(FAR)),
    )
    return replace(good, **changes)  # type: ignore[arg-type]


def broken(steps: dict[str, object]) -> dict[str, Truth]:
    return {name: step.truth for name, step in steps.items() if step.truth is not Truth.YES}  # type: ignore[attr-defined]


def test_default_association_and_propagation_connect_both_ways() -> None:
    assert not broken(dict(cross(transit(), SOURCE, TARGET)))
    assert not broken(dict(cross(transit(), TARGET, SOURCE)))


def test_one_vpc_needs_no_gateway() -> None:
    neighbour = replace(SOURCE, subnet=ident("another"), network=Net("10.0.1.10"))
    assert not broken(dict(cross(Transit(), SOURCE, neighbour)))


NO_DEFAULTS = tuple(
    replace(attachment(vpc), associates_by_default=Truth.NO, propagates_by_default=Truth.NO)
    for vpc in (NEAR, FAR)
)
ASSOCIATED = tuple(GatewayLink(one.id, TABLE, "association") for one in NO_DEFAULTS)
PROPAGATED = tuple(GatewayLink(one.id, TABLE, "propagation") for one in NO_DEFAULTS)


@pytest.mark.parametrize(
    ("changes", "step", "truth"),
    [
        ({"attachments": (attachment(NEAR),)}, "attachment", Truth.NO),
        ({"attachments": (attachment(FAR),)}, "attachment", Truth.NO),
        (
            {"attachments": (attachment(NEAR), replace(attachment(FAR), is_accepted=Truth.NO))},
            "attachment",
            Truth.NO,
        ),
        (
            {"attachments": (replace(attachment(NEAR), zones=(Text.of("az2"),)), attachment(FAR))},
            "zone",
            Truth.NO,
        ),
        ({"attachments": (replace(attachment(NEAR), zones=None), attachment(FAR))}, "zone", Truth.MAYBE),
        ({"attachments": NO_DEFAULTS}, "gateway", Truth.NO),
        ({"attachments": NO_DEFAULTS, "associations": ASSOCIATED}, "gateway", Truth.NO),
        ({"gateways": ()}, "gateway", Truth.MAYBE),
        (
            {
                "routes": (
                    GatewayRoute(subject="r", table=TABLE, destination=Net("10.1.0.0/16"), attachment=None),
                )
            },
            "gateway",
            Truth.NO,
        ),
        (
            {
                "routes": (
                    GatewayRoute(
                        subject="r",
                        table=TABLE,
                        destination=Net("10.1.0.0/24"),
                        attachment=attachment(NEAR).id,
                    ),
                )
            },
            "gateway",
            Truth.NO,
        ),
    ],
)
def test_the_gateway_names_the_step_that_fails(changes: dict[str, object], step: str, truth: Truth) -> None:
    assert broken(dict(cross(transit(**changes), SOURCE, TARGET))) == {step: truth}


def test_explicit_association_and_propagation_replace_the_defaults() -> None:
    explicit = transit(attachments=NO_DEFAULTS, associations=ASSOCIATED, propagations=PROPAGATED)
    assert not broken(dict(cross(explicit, SOURCE, TARGET)))


def test_a_static_route_stands_in_for_propagation() -> None:
    static = GatewayRoute(
        subject="r", table=TABLE, destination=Net("0.0.0.0/0"), attachment=NO_DEFAULTS[1].id
    )
    explicit = transit(attachments=NO_DEFAULTS, associations=ASSOCIATED, routes=(static,))
    assert not broken(dict(cross(explicit, SOURCE, TARGET)))


@pytest.mark.parametrize(
    ("routes", "truth"),
    [
        ([], Truth.NO),
        ([route("10.2.0.0/16")], Truth.NO),
        ([route("0.0.0.0/0")], Truth.YES),
        ([route(None)], Truth.MAYBE),
        ([route("10.1.0.0/16"), route("10.1.0.0/24", Text.of("igw-1"), TargetKind.OTHER)], Truth.MAYBE),
        ([route("0.0.0.0/0", Text.of("nat-1"), TargetKind.OTHER), route("10.1.0.0/16")], Truth.YES),
        ([route("10.1.0.0/16"), route(None)], Truth.YES),
    ],
)
def test_the_longest_prefix_decides(routes: list[Route], truth: Truth) -> None:
    source = place(NEAR, "10.0.0.10", *routes)
    assert cross(transit(), source, TARGET)["route"].truth is truth


def test_a_table_that_is_not_in_sight_is_unknown() -> None:
    assert cross(transit(), replace(SOURCE, table=None), TARGET)["route"].truth is Truth.MAYBE


@pytest.mark.parametrize(
    ("vpcs", "accepted", "truth"),
    [
        ((NEAR.id, FAR.id), Truth.YES, Truth.YES),
        ((FAR.id, NEAR.id), Truth.YES, Truth.YES),
        ((NEAR.id, FAR.id), Truth.NO, Truth.NO),
        ((NEAR.id, ident("c.id")), Truth.YES, Truth.NO),
    ],
)
def test_a_peering_connection_joins_its_two_vpcs(
    vpcs: tuple[Text, Text], accepted: Truth, truth: Truth
) -> None:
    peering = Peering(id=ident("pcx.id"), subject="pcx", vpcs=vpcs, is_accepted=accepted)
    source = place(NEAR, "10.0.0.10", route("10.1.0.0/16", ident("pcx.id"), TargetKind.PEERING))
    assert cross(Transit(peerings=(peering,)), source, TARGET)["attachment"].truth is truth


def rule(
    network: str | None = None, *groups: Text, protocol: str = "tcp", ports: tuple[int, int] = (443, 443)
) -> GroupRule:
    networks = (Net(network),) if network else ()
    return GroupRule(subject="rule", protocol=protocol, ports=ports, networks=networks, groups=groups)


@pytest.mark.parametrize(
    ("ingress", "truth"),
    [
        ((rule("10.0.0.10/32"),), Truth.YES),
        ((rule("10.0.0.0/8", protocol="-1", ports=(0, 0)),), Truth.YES),
        ((rule("10.0.0.10/32", ports=(80, 80)),), Truth.NO),
        ((rule("10.0.0.10/32", protocol="udp"),), Truth.NO),
        ((rule("10.9.0.0/16"), rule("10.0.0.0/24", ports=(0, 65535))), Truth.YES),
        ((rule(None, ident("peer")),), Truth.YES),
        ((rule(None, ident("stranger")),), Truth.NO),
        ((), Truth.NO),
    ],
)
def test_any_rule_of_any_group_admits(ingress: tuple[GroupRule, ...], truth: Truth) -> None:
    groups = [
        SecurityGroup(id=ident("g"), subject="g"),
        SecurityGroup(id=ident("h"), subject="h", ingress=ingress),
    ]
    peer = Peer(network=Net("10.0.0.10"), groups=(ident("peer"),))
    assert admits(groups, "ingress", peer, 443).truth is truth


def test_a_group_in_another_network_may_not_be_referred_to() -> None:
    group = SecurityGroup(id=ident("g"), subject="g", ingress=(rule(None, ident("peer")),))
    peer = Peer(network=Net("10.0.0.10"), groups=(ident("peer"),), groups_count=Truth.NO)
    assert admits([group], "ingress", peer, 443).truth is Truth.NO


def test_rules_out_of_sight_leave_a_group_unknown() -> None:
    group = SecurityGroup(id=ident("g"), subject="g", is_complete=False)
    assert admits([group], "egress", Peer(network=None), 443).truth is Truth.MAYBE


def entry(
    number: int,
    *,
    egress: bool,
    allows: bool = True,
    ports: tuple[int, int] = (0, 65535),
    network: str = "0.0.0.0/0",
) -> AclEntry:
    return AclEntry(
        number=number, is_egress=egress, allows=allows, protocol="tcp", ports=ports, network=Net(network)
    )


OPEN = (entry(100, egress=True), entry(100, egress=False))


@pytest.mark.parametrize(
    ("entries", "truth"),
    [
        (OPEN, Truth.YES),
        ((), Truth.NO),
        ((entry(100, egress=True),), Truth.NO),
        ((entry(100, egress=True, ports=(443, 443)), entry(100, egress=False, ports=(443, 443))), Truth.NO),
        (
            (entry(100, egress=True, ports=(443, 443)), entry(100, egress=False, ports=(1024, 65535))),
            Truth.YES,
        ),
        ((entry(100, egress=True), entry(100, egress=False, ports=(32768, 65535))), Truth.NO),
        ((*OPEN, entry(50, egress=False, allows=False, ports=(5000, 5001))), Truth.NO),
        ((*OPEN, entry(150, egress=False, allows=False)), Truth.YES),
        ((*OPEN, entry(50, egress=True, allows=False, network="10.1.0.0/16")), Truth.NO),
        ((*OPEN, entry(50, egress=True, allows=False, network="10.2.0.0/16")), Truth.YES),
    ],
)
def test_the_near_acl_must_let_requests_out_and_answers_in(
    entries: tuple[AclEntry, ...], truth: Truth
) -> None:
    source = replace(SOURCE, acl=Acl(subject="acl", entries=entries))
    assert passes(source, TARGET, 443).truth is truth


def test_no_acl_applies_inside_a_subnet() -> None:
    closed = replace(SOURCE, acl=Acl(subject="acl", entries=()))
    assert passes(closed, closed, 443).truth is Truth.YES


NETWORKS = st.builds(
    lambda a, b, bits: Net((f"10.{a}.{b}.0", bits), strict=False),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from([8, 15, 16, 23, 24]),
)


@given(st.lists(NETWORKS, max_size=5), st.integers(0, 3), st.integers(0, 3), st.integers(1, 250))
def test_the_route_chosen_for_an_address_is_the_longest_that_holds_it(
    nets: list[Net], a: int, b: int, c: int
) -> None:
    address = Net(f"10.{a}.{b}.{c}")
    holding = [net for net in nets if address.subnet_of(net)]
    choice = choose(place(NEAR, "10.0.0.10", *(route(str(net)) for net in nets)), address)
    if not holding:
        assert choice.answer.truth is Truth.NO
    else:
        assert choice.route is not None
        assert choice.route.destination == max(holding, key=lambda net: net.prefixlen)


ENTRIES = st.lists(
    st.builds(
        lambda number, allows, first, size, net: AclEntry(
            number=number,
            is_egress=True,
            allows=allows,
            protocol="6",
            ports=(first, first + size),
            network=net,
        ),
        st.integers(1, 99),
        st.booleans(),
        st.sampled_from([0, 440, 443, 1024]),
        st.sampled_from([0, 3, 60000]),
        NETWORKS,
    ),
    max_size=5,
    unique_by=lambda one: one.number,
)


@given(ENTRIES, st.integers(0, 3), st.integers(440, 446))
def test_an_acl_answers_one_port_as_reading_it_in_order_does(
    entries: list[AclEntry], a: int, port: int
) -> None:
    address = Net(f"10.{a}.1.7")
    matching = (
        one
        for one in sorted(entries, key=lambda one: one.number)
        if one.network and address.subnet_of(one.network) and one.ports[0] <= port <= one.ports[1]
    )
    first = next(matching, None)
    expected = Truth.YES if first is not None and first.allows else Truth.NO
    acl = Acl(subject="acl", entries=tuple(entries))
    assert acl_admits(acl, is_egress=True, peer=address, ports=(port, port)).truth is expected


@given(ENTRIES, NETWORKS, st.integers(1, 250))
def test_knowing_the_address_better_never_turns_an_acl_round(
    entries: list[AclEntry], net: Net, offset: int
) -> None:
    acl = Acl(subject="acl", entries=tuple(entries))
    wide = acl_admits(acl, is_egress=True, peer=net, ports=(443, 443)).truth
    exact = acl_admits(acl, is_egress=True, peer=Net(net.network_address + offset), ports=(443, 443)).truth
    assert wide in {Truth.MAYBE, exact}
