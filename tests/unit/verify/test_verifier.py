from pathlib import Path

import pytest

from hatchway.errors import UsageError
from hatchway.topology import TopologyError
from hatchway.verify.verifier import Verifier

EXAMPLE = Path(__file__).parents[3] / "examples" / "six-services" / "hatchway.yaml"


def test_a_topology_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(TopologyError, match=r"nowhere\.yaml"):
        Verifier.of(tmp_path / "nowhere.yaml")


def test_a_service_that_does_not_exist_is_refused_before_anything_is_called() -> None:
    views = Verifier.of(EXAMPLE).views
    with pytest.raises(
        UsageError, match=r"--service: there is no such service, got 'order'. Choose from: ord"
    ):
        Verifier(views=views, services=["order"])


def test_credentials_of_the_environment_are_not_shown() -> None:
    verifier = Verifier(views=Verifier.of(EXAMPLE).views, environ={"HATCHWAY_TOKEN": "s3cret"})
    assert "s3cret" not in repr(verifier)
