"""What deploy roles allow, against what Terraform called."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from constructs_lib.deploy_policy import Scope, render_policies
from hatchway.topology.model import Topology
from tests.sandbox.iam_actions import Needed, needed


def kinds_by_account(outdir: Path, topology: Topology) -> dict[str, set[str]]:
    """Kinds of resources and data sources in each account, of all stacks."""
    accounts = {name.replace("-", "_"): name for name in topology.accounts}
    found: dict[str, set[str]] = defaultdict(set)
    for path in outdir.glob("stacks/*/cdk.tf.json"):
        document = json.loads(path.read_text("utf-8"))
        for section, start in (("resource", ""), ("data", "data.")):
            for kind, named in document.get(section, {}).items():
                for body in named.values():
                    if "provider" in body:
                        found[accounts[body["provider"].partition(".")[2]]].add(f"{start}{kind}")
    return found


def statements(outdir: Path, topology: Topology) -> dict[str, list[Any]]:
    """Statements of each account's deploy role, by account id."""
    return {
        topology.accounts[name].id: [
            statement
            for policy in render_policies(
                kinds,
                Scope(
                    topology=topology.estate,
                    account_id=topology.accounts[name].id,
                    region=topology.accounts[name].region,
                ),
            )
            for statement in json.loads(policy)["Statement"]
        ]
        for name, kinds in kinds_by_account(outdir, topology).items()
    }


def calls(directory: Path) -> Iterator[dict[str, Any]]:
    """What Terraform called and was not refused, of a sandbox."""
    for line in (directory / "calls.jsonl").read_text("utf-8").splitlines():
        call = json.loads(line)
        if call["program"] == "Terraform":
            yield call


def wanted(directory: Path, topology: Topology) -> dict[str, set[Needed]]:
    """What Terraform needed in each account, by account id."""
    regions = {account.id: account.region for account in topology.accounts.values()}
    found: dict[str, set[Needed]] = defaultdict(set)
    for call in calls(directory):
        each = needed(call, regions.get(call["account"], ""))
        if each is not None:
            found[call["account"]].add(each)
    return found


def allows(allowed: Iterable[Any], each: Needed) -> bool:
    """Whether a statement allows the action, on the resource where one is known."""
    return any(
        each.action in statement["Action"]
        and (
            each.resource is None
            or any(fnmatchcase(each.resource, pattern) for pattern in statement["Resource"])
        )
        for statement in allowed
    )
