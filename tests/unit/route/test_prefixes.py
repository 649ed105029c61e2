from dataclasses import dataclass
from ipaddress import IPv4Network

from hypothesis import given
from hypothesis import strategies as st

from hatchway.route.network.model import covers
from hatchway.route.network.prefixes import Prefixes
from hatchway.route.truth import Truth


@dataclass(frozen=True)
class Entry:
    destination: IPv4Network | None
    number: int


def networks():
    # Few bits vary, so that networks often lie within each other.
    return st.builds(
        lambda bits, length: IPv4Network((bits << 24, length), strict=False),
        st.integers(0, 15),
        st.sampled_from([0, 4, 5, 6, 7, 8, 32]),
    )


@given(st.lists(st.none() | networks(), max_size=12), st.none() | networks())
def test_looking_up_finds_what_looking_at_each_entry_finds(
    destinations: list[IPv4Network | None], wanted: IPv4Network | None
) -> None:
    entries = [Entry(destination, number) for number, destination in enumerate(destinations)]

    covering, doubtful = Prefixes(entries).split(wanted)

    truths = {entry: covers(entry.destination, wanted) for entry in entries}
    assert set(covering) == {entry for entry, hit in truths.items() if hit is Truth.YES}
    assert set(doubtful) == {entry for entry, hit in truths.items() if hit is Truth.MAYBE}
    assert len(covering) + len(doubtful) == len({*covering, *doubtful})


def test_of_two_entries_to_one_network_the_first_declared_comes_first() -> None:
    network = IPv4Network("10.0.0.0/16")
    entries = [Entry(network, number) for number in (2, 1, 3)]

    covering, _ = Prefixes(entries).split(IPv4Network("10.0.0.5/32"))

    assert covering == entries
