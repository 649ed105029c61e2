from collections.abc import Iterator

import pytest
import trustme

from tests.unit.verify.standing_in import StandIn


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA(key_type=trustme.KeyType.ECDSA)


@pytest.fixture
def endpoint(authority: trustme.CA) -> Iterator[StandIn]:
    running = StandIn(authority)
    yield running
    running.close()
