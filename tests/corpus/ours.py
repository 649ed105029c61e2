"""Our own configuration in the corpus: the article's stacks, joined so that one plan shows all."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.corpus.cases import Case
from tests.unit.review import arrangements
from tests.unit.review.article import Article, Change
from tests.unit.review.test_faults import FAULTS

_REMOTE = re.compile(r"data\.terraform_remote_state\.([\w-]+)\.outputs\.([\w-]+)")

_REFERENCE = re.compile(r"(?<![\w.-])(aws_\w+\.[\w-]+)(?:\.\w+)+")


def ours() -> Iterator[Case]:
    """Yield the article as it is, its good arrangements, then the faults."""
    yield _case("as-written", lambda _article: None)
    for arrange in arrangements.GOOD:
        name = arrange.__name__
        undecided = frozenset(_UNDECIDED.get(name, ()))
        planned = name not in _REFUSED
        yield _case(name.replace("_", "-"), arrange, undecided=undecided, is_planned=planned)
    for hop, faults in FAULTS.items():
        for name, (change, check) in faults.items():
            also = frozenset(_ALSO.get(name, ()))
            yield _case(
                f"{hop.value}-{name}".replace("_", "-"),
                change,
                check=check,
                hop=hop,
                also=also,
                is_planned=name not in _REFUSED,
            )


# Terraform does not plan these: the provider sees the fault itself, or is too old to know the argument.
_REFUSED = {
    "no_user_pool",
    "target_with_a_link_of_the_first_kind",
}
# A plan has no locals, so that a text made of them is not known.
_UNDECIDED = {"literals_through_locals": ("plan",)}
# What is denied to the endpoint is allowed to all others.
_ALSO = {"policy_has_the_condition_the_wrong_way_round": ("HW805",)}


def _case(name: str, change: Change | Callable[[Article], None], **expected: Any) -> Case:
    article = Article()
    change(article)
    stacks = {
        f"stacks/{stack}/cdk.tf.json": json.dumps(document) for stack, document in article.stacks.items()
    }
    hop = expected.pop("hop", None)
    return Case(
        configuration="ours",
        name=name,
        sources={"main.tf.json": json.dumps(joined(article), indent=1, sort_keys=True)},
        hop=hop.value if hop is not None else None,
        stacks=stacks,
        **expected,
    )


def joined(article: Article) -> dict[str, Any]:
    """Make one root module of the stacks: what one reads from the state of another becomes a reference."""
    whole: dict[str, Any] = {}
    for document in article.stacks.values():
        for part in ("resource", "data"):
            for kind, named in document.get(part, {}).items():
                whole.setdefault(part, {}).setdefault(kind, {}).update(named)
        for part in ("locals", "variable"):
            whole.setdefault(part, {}).update(document.get(part, {}))
        for provider in document["provider"]["aws"]:
            known = whole.setdefault("provider", {}).setdefault("aws", [])
            if provider["alias"] not in {one["alias"] for one in known}:
                known.append(provider)
    whole["data"].pop("terraform_remote_state", None)
    whole["terraform"] = {"required_providers": article.stacks["gateway"]["terraform"]["required_providers"]}
    for part in ("resource", "data", "locals", "variable"):
        whole[part] = {kind: named for kind, named in whole.get(part, {}).items() if named}
    return _bound(_followed(_stripped({part: found for part, found in whole.items() if found}), article))


def _followed(value: Any, article: Article) -> Any:
    if isinstance(value, dict):
        return {key: _followed(one, article) for key, one in value.items()}
    if isinstance(value, list):
        return [_followed(one, article) for one in value]
    while isinstance(value, str) and _REMOTE.search(value):
        value = _REMOTE.sub(lambda found: _output(article, found[1], found[2]), value)
    return value


def _bound(whole: dict[str, Any]) -> dict[str, Any]:
    """Take away references that an edit left without their resource, where they only say what comes first."""
    declared = {f"{kind}.{name}" for kind, named in whole["resource"].items() for name in named}
    for named in whole["resource"].values():
        for arguments in named.values():
            if "depends_on" in arguments:
                arguments["depends_on"] = [one for one in arguments["depends_on"] if one in declared]
            for name, text in arguments.get("triggers", {}).items():
                arguments["triggers"][name] = _REFERENCE.sub(
                    lambda found: found[0] if found[1] in declared else "null", text
                )
    return whole


def _output(article: Article, stack: str, name: str) -> str:
    value: str = article.stacks[stack]["output"][name]["value"]
    return value.removeprefix("${").removesuffix("}")


def _stripped(value: Any) -> Any:
    """Take CDKTF's notes on each resource away."""
    if isinstance(value, dict):
        return {key: _stripped(one) for key, one in value.items() if key != "//"}
    return [_stripped(one) for one in value] if isinstance(value, list) else value
