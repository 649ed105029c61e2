"""A KMS key for state is what Terraform's S3 backend takes, and nothing else."""

import pytest
from pydantic import TypeAdapter, ValidationError

from hatchway.topology.values import StateKmsKey

KEYS = TypeAdapter(StateKmsKey)
ARN = "arn:aws:kms:eu-west-1:111111111111:"
UUID = "0a1b2c3d-0a1b-4c3d-8e5f-0a1b2c3d4e5f"
MULTI_REGION = "mrk-0a1b2c3d0a1b2c3d0a1b2c3d0a1b2c3d"


@pytest.mark.parametrize(
    "key",
    [
        UUID,
        MULTI_REGION,
        "alias/state",
        "alias/platform/state",
        f"{ARN}key/{UUID}",
        f"{ARN}key/{MULTI_REGION}",
        f"{ARN}alias/state",
    ],
)
def test_takes_what_the_backend_takes(key: str) -> None:
    assert KEYS.validate_python(key) == key


@pytest.mark.parametrize(
    "key",
    [
        "",
        "state",
        "alias/",
        UUID.upper(),
        "0a1b2c3d-0a1b-4c3d-4e5f-0a1b2c3d4e5f",
        "0a1b2c3d-0a1b-7c3d-8e5f-0a1b2c3d4e5f",
        "00000000-0000-0000-0000-000000000000",
        f"{ARN}key/0a1b2c3d",
        f"{ARN}{UUID}",
        f"arn:aws:s3:::key/{UUID}",
    ],
)
def test_refuses_what_would_end_terraform_init(key: str) -> None:
    with pytest.raises(ValidationError, match="KMS key"):
        KEYS.validate_python(key)
