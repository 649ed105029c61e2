"""Walking: the order of hops, what is not reached, checks that throw, cost."""

import json
import time
from copy import deepcopy
from typing import Any

from hatchway.review.reviewing import judge
from hatchway.route.checks.model import Kind, check, good
from hatchway.route.checks.registry import ALL
from hatchway.route.facts import RouteFacts
from hatchway.route.hop import Hop
from hatchway.route.outcome import Outcome, Verdict
from hatchway.route.sources.configuration import Configuration, read_stack
from hatchway.route.sources.requests import Routes
from hatchway.route.walk import walk
from tests.unit.review.article import Article, F, G, S


def facts() -> RouteFacts:
    return next(Routes(Article().configuration()).facts())


def test_what_lies_behind_the_broken_hop_is_not_reached() -> None:
    article = Article()
    article.drop(F, "aws_route.edge_to_orders")
    result = walk(next(Routes(article.configuration()).facts()))
    assert result.broken_hop is Hop.TRANSIT
    assert [hop.outcome for hop in result.hops[6:]] == [Outcome.NOT_REACHED] * 3


def test_a_check_that_throws_is_unknown_and_says_so() -> None:
    def throws(_: RouteFacts) -> Any:
        raise ZeroDivisionError("no luck")

    broken = check("101", "It holds.", throws, symptom="", fix="")
    result = walk(facts(), [broken])
    assert result.hops[0].outcome is Outcome.UNKNOWN
    assert result.hops[0].checks[0].observed == "the check failed: ZeroDivisionError: no luck"
    assert result.verdict is Verdict.UNDECIDED


def test_a_check_without_its_facts_does_not_apply() -> None:
    wants = check(
        "101", "It holds.", lambda _: good("x", "y"), symptom="", fix="", needs=("private.stage.nothing",)
    )
    assert walk(facts(), [wants]).hops[0].outcome is Outcome.NOT_APPLICABLE


def test_ids_are_unique_and_carry_the_number_of_their_hop() -> None:
    ids = [one.id.id for one in ALL]
    assert len(set(ids)) == len(ids)
    assert all(one.id.hop is not None and one.id.id[2] == str(one.id.hop.number) for one in ALL)
    assert all(int(one.id.id[3:]) < 90 for one in ALL)


def test_every_check_says_what_a_caller_sees_and_what_to_do() -> None:
    for one in ALL:
        assert one.symptom.endswith(".")
        assert one.fix.endswith((".", "}."))
        assert one.id.title.endswith(".")
        assert one.id.weakness is (one.kind is Kind.WEAKNESS)


def test_every_hop_has_a_check_that_breaks_it() -> None:
    assert {one.id.hop for one in ALL if one.kind is Kind.BREAK} == set(Hop)


SHARED = ("rest_api", "authorizer", "deployment", "stage", "validator", "lambda_function", "permission")


def many(services: int) -> Configuration:
    """Build the article's gateway in front of many services, each with everything of its own."""
    article = Article().stacks
    resources = article[G]["resource"]
    own = {
        kind: named for kind, named in resources.items() if not kind.endswith(SHARED) and "lambda" not in kind
    }
    gateway = deepcopy(article[G]) | {
        "resource": {kind: resources[kind] for kind in resources if kind not in own}
    }
    stacks, hashed = [read_stack(F, [article[F]])], []
    for name in (f"s{number}" for number in range(services)):
        for kind, named in json.loads(_renamed(json.dumps(own), own, name)).items():
            gateway["resource"].setdefault(kind, {}).update(
                {f"{one}-{name}": body for one, body in named.items()}
            )
        base = {"provider": "aws.edge", "path_part": name, "parent_id": ROOT, "rest_api_id": PUBLIC}
        gateway["resource"]["aws_api_gateway_resource"][f"base-{name}"] = base
        hashed += [f"aws_api_gateway_{kind}.orders_proxy-{name}" for kind in ("method", "integration")]
        gateway["data"]["terraform_remote_state"][name] = {"config": {"key": name}}
        service = deepcopy(article[S])
        service["terraform"]["backend"]["s3"]["key"] = name
        stacks.append(read_stack(name, [service]))
    trigger = {"redeployment": "${sha1(jsonencode([" + ", ".join(hashed) + "]))}"}
    gateway["resource"]["aws_api_gateway_deployment"]["public"]["triggers"] = trigger
    return Configuration((*stacks, read_stack(G, [gateway])))


PUBLIC = "${aws_api_gateway_rest_api.public.id}"
ROOT = "${aws_api_gateway_rest_api.public.root_resource_id}"


def _renamed(text: str, own: dict[str, Any], name: str) -> str:
    for kind, named in own.items():
        for one in named:
            text = text.replace(f"{kind}.{one}.", f"{kind}.{one}-{name}.")
    text = text.replace("service-orders", name)
    return text.replace(ROOT, "${aws_api_gateway_resource.base-" + name + ".id}")


def spent(services: int) -> float:
    configuration = many(services)
    started = time.process_time()
    report = judge(configuration)
    assert len(report.routes) == services
    return time.process_time() - started


def test_cost_grows_in_proportion_to_the_services() -> None:
    spent(5)
    few, more = spent(20), spent(80)
    assert more < 4 * few * 3
