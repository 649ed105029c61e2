"""What differs between AWS partitions."""

import pytest

from hatchway.topology.partition import execute_api_host, execute_api_service_name, partition


@pytest.mark.parametrize(
    ("region", "expected"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov"), ("us-east-1", "aws")],
)
def test_region_tells_the_partition(region: str, expected: str) -> None:
    assert partition(region) == expected


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("eu-west-1", "abc.execute-api.eu-west-1.amazonaws.com"),
        ("us-gov-west-1", "abc.execute-api.us-gov-west-1.amazonaws.com"),
        ("cn-north-1", "abc.execute-api.cn-north-1.amazonaws.com.cn"),
    ],
)
def test_host_is_the_one_that_the_certificate_is_for(region: str, expected: str) -> None:
    assert execute_api_host("abc", region) == expected


def test_endpoint_service_has_a_prefix_in_china() -> None:
    assert execute_api_service_name("eu-west-1") == "com.amazonaws.eu-west-1.execute-api"
    assert execute_api_service_name("cn-north-1") == "cn.com.amazonaws.cn-north-1.execute-api"
