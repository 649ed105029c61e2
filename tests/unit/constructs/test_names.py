"""Names within AWS's limits, and addresses that do not collide."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from constructs_lib.names import literal, path_slug, prefix

SEGMENT = st.from_regex(r"[A-Za-z0-9._~-]+|\{[A-Za-z0-9._-]+\+?\}", fullmatch=True)
PATH = st.lists(SEGMENT, max_size=4).map(lambda segments: "/" + "/".join(segments))


@pytest.mark.parametrize(
    ("path", "slug"),
    [
        ("/", ""),
        ("/orders", "orders"),
        ("/orders/{id}", "orders_by-id"),
        ("/orders/{id}/lines", "orders_by-id_lines"),
        ("/{proxy+}", "proxy-plus"),
        ("/v2/price-list", "v2_price-list"),
    ],
)
def test_slug_reads_like_its_path(path: str, slug: str) -> None:
    assert path_slug(path) == slug


@pytest.mark.parametrize("path", ["/a_b", "/a.b", "/a--b", "/by-id", "/proxy-plus", "/{a.b}", "/~"])
def test_unusual_segment_is_told_apart_by_a_hash(path: str) -> None:
    assert re.search(r"--[0-9a-f]{6}$", path_slug(path))


@given(PATH, PATH)
def test_different_paths_have_different_slugs(one: str, other: str) -> None:
    assert (path_slug(one) == path_slug(other)) == (one == other)


@given(PATH)
def test_slug_is_part_of_a_terraform_address(path: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]*", path_slug(path))


@pytest.mark.parametrize(
    ("name", "limit", "expected"),
    [("orders", 6, "order-"), ("shop", 6, "shop-"), ("ab-cd-ef", 6, "ab-cd-"), ("ab-c-d", 6, "ab-c-")],
)
def test_prefix_ends_with_one_hyphen_within_its_limit(name: str, limit: int, expected: str) -> None:
    assert prefix(name, limit) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("$5 and 5%", "$5 and 5%"),
        ("${a.b}", "$${a.b}"),
        ("%{ if x }", "%%{ if x }"),
    ],
)
def test_terraform_reads_a_literal_as_it_is_written(text: str, expected: str) -> None:
    assert literal(text) == expected
