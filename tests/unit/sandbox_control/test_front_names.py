import pytest

from hatchway.sandbox.front import Side, side_of


@pytest.mark.parametrize(
    ("hostname", "side"),
    [
        ("abc123.execute-api.eu-west-1.amazonaws.com", Side.DATA),
        ("ABC123.Execute-Api.eu-west-1.amazonaws.com", Side.DATA),
        ("abc123-vpce-0a1b.execute-api.eu-west-1.amazonaws.com", Side.DATA),
        ("ec2.eu-west-1.amazonaws.com", Side.CONTROL),
        ("bucket.s3.eu-west-1.amazonaws.com", Side.CONTROL),
        ("with.dots.s3.amazonaws.com", Side.CONTROL),
        ("s3.dualstack.eu-west-1.amazonaws.com", Side.CONTROL),
        ("lambda.eu-west-1.api.aws", Side.CONTROL),
        ("vpce-1-2.execute-api.eu-west-1.vpce.amazonaws.com", Side.REFUSED),
        ("amazonaws.com", Side.REFUSED),
        ("evilamazonaws.com", Side.REFUSED),
        ("ec2.eu-west-1.amazonaws.com.evil.example", Side.REFUSED),
        ("registry.terraform.io", Side.REFUSED),
        ("169.254.169.254", Side.REFUSED),
        ("", Side.REFUSED),
    ],
)
def test_host_names_go_to_the_side_that_answers_for_them(hostname, side):
    assert side_of(hostname) is side
