"""Files that are no configuration: one sentence, exit code 2, in bounded time."""

import json
import time
from pathlib import Path

import pytest

from hatchway.errors import UsageError
from hatchway.review import review
from hatchway.review.reviewing import judge
from hatchway.route.outcome import Verdict
from hatchway.route.sources import documents
from tests.unit.review.article import FIXTURE, Article


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not JSON"),
        (b'{"resource": {', "is not JSON"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"[1, 2]", "a list in place of an object"),
        (b'"text"', "text in place of an object"),
        (b"null", "null in place of an object"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"a":' * 150 + b"1" + b"}" * 150, "nested deeper than"),
    ],
)
def test_a_file_that_is_no_configuration_gets_one_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "main.tf.json"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        review([path])
    assert caught.value.exit_code == 2
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)


def test_an_enormous_file_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_BYTES", 10)
    path = tmp_path / "main.tf.json"
    path.write_text(json.dumps({"resource": {}}))
    with pytest.raises(UsageError, match="more than the 10"):
        review([path])


@pytest.mark.parametrize("missing", ["nowhere", "empty"])
def test_a_path_with_nothing_in_it_is_named(tmp_path: Path, missing: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(UsageError, match=missing):
        review([tmp_path / missing])


@pytest.mark.parametrize(
    "document",
    [
        {
            "resource": 1,
            "data": "x",
            "output": [],
            "provider": None,
            "terraform": 3,
            "locals": 4,
            "variable": 5,
        },
        {"resource": {"aws_api_gateway_rest_api": {"a": [{"endpoint_configuration": 7}]}}},
        {"resource": {"aws_api_gateway_rest_api": {"a": {"policy": {"Statement": 4}}}}},
        {"resource": {"aws_api_gateway_integration": {"a": {"type": "HTTP_PROXY", "uri": 5}}}},
        {"resource": {"aws_lb": {"a": {"subnet_mapping": "x", "subnets": {"b": 1}}}}},
        {"locals": {"a": "${local.a}"}, "resource": {"aws_vpc": {"v": {"cidr_block": "${local.a}"}}}},
        {"resource": {"aws_subnet": {"v": {"for_each": "${local.missing}", "cidr_block": "${each.value}"}}}},
        {"resource": {"aws_vpc": {"v": {"cidr_block": "${" * 50}}}},
        {"resource": {"aws_vpc": {"v": {"cidr_block": "${f(" * 200 + ")}" * 200}}}},
    ],
)
def test_odd_shapes_are_undecided_never_a_crash(tmp_path: Path, document: object) -> None:
    path = tmp_path / "main.tf.json"
    path.write_text(json.dumps(document))
    assert review([path]).verdict is Verdict.UNDECIDED


def test_one_file_of_several_is_enough_to_say_what_is_missing() -> None:
    report = review([FIXTURE / "stacks" / "gateway"])
    assert report.verdict is Verdict.UNDECIDED


ODD = (1, "x", [], None, {"a": 1}, ["x"], True, [[1]], "${", 0.5)


def test_any_argument_may_have_any_shape() -> None:
    article, turn = Article(), 0
    for stack in article.stacks.values():
        for arguments in (one for named in stack["resource"].values() for one in named.values()):
            for name, before in list(arguments.items()):
                arguments[name] = ODD[turn % len(ODD)]
                turn += 1
                judge(article.configuration())
                arguments[name] = before


def test_review_of_the_article_is_quick() -> None:
    review([FIXTURE])
    started = time.perf_counter()
    review([FIXTURE])
    assert time.perf_counter() - started < 0.5
