"""What AWS answered of the article's path, deployed into the sandbox; recorded once."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from hatchway.route.facts import RouteFacts
from hatchway.topology import load
from hatchway.topology.model import Topology
from hatchway.verify.aws.answers import Refusal
from hatchway.verify.aws.estate import Estate, estate_of
from hatchway.verify.aws.facts import LiveFacts
from hatchway.verify.aws.gathering import gather
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Names

ROOT = Path(__file__).resolve().parents[3]
RECORDED = ROOT / "tests/fixtures/verify_aws/article.json"


def key_of(request: Request) -> str:
    """How a request is found in the recording."""
    about = ", ".join(f"{name}={value!r}" for name, value in request.about)
    return f"{request.account} {request.operation} {about}".strip()


class RecordedReader:
    """Answers from the recording; `refused` operations are denied, `edited` answers are others."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.refused: set[tuple[str, str]] = set()
        self.edits: dict[str, Callable[[Any], Any]] = {}
        self.asked: list[Request] = []

    def read(self, request: Request, /) -> Any:
        self.asked.append(request)
        if (request.account, request.operation) in self.refused:
            reason = f"{request.read.action} is not allowed in account {request.account}"
            return Refusal(request=request, reason=reason, fix=f"Grant {request.read.action}.")
        answer = json.loads(json.dumps(self.answers.get(key_of(request))))
        edit = self.edits.get(request.operation)
        return answer if edit is None else edit(answer)


@pytest.fixture(scope="session")
def recorded() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(RECORDED.read_text("utf-8"))
    return found


@pytest.fixture(scope="session")
def article() -> Topology:
    return load(ROOT / "hatchway.yaml")


@pytest.fixture
def estate(article: Topology, recorded: dict[str, Any]) -> Estate:
    return estate_of(article, recorded["outputs"]["gateway"], {"orders": recorded["outputs"]["orders"]})


@pytest.fixture
def reader(recorded: dict[str, Any]) -> RecordedReader:
    return RecordedReader(recorded["answers"])


@pytest.fixture
def facts(estate: Estate, reader: RecordedReader) -> Callable[[], RouteFacts]:
    def make() -> RouteFacts:
        found = LiveFacts(estate, gather(estate, reader), Names({})).of("orders", "GET", "/test")
        assert found is not None
        return found

    return make
