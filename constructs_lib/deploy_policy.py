"""The policies of a deploy role: what the resources of an account need, and nothing else."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from constructs_lib.deploy_permissions import GRANTS, Grant
from hatchway.topology.partition import partition

# Characters of a managed policy, without blanks.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
LARGEST_POLICY = 6144

Statement = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a deploy role works."""

    topology: str
    """Name of the topology, with which the names of what it makes begin."""
    account_id: str
    """The account."""
    region: str
    """Its region."""


class UnknownKindError(Exception):
    """A kind of resource is emitted that `deploy_permissions` says nothing about."""


def render_policies(kinds: Iterable[str], scope: Scope) -> list[str]:
    """Renders the policies that Terraform needs for these kinds of resources, each within AWS's limit.

    Raises:
        UnknownKindError: Nothing is known about a kind.
    """
    wanted = sorted(kind for kind in set(kinds) if kind.removeprefix("data.").startswith("aws_"))
    unknown = [kind for kind in wanted if kind not in GRANTS]
    if unknown:
        raise UnknownKindError(
            f"constructs_lib/deploy_permissions.py: says nothing about {', '.join(unknown)}. Add them."
        )
    grants = dict.fromkeys(grant for kind in wanted for grant in GRANTS[kind])
    return [_document(statements) for statements in _bins(_statements(grants, scope))]


def _statements(grants: Iterable[Grant], scope: Scope) -> list[Statement]:
    """One statement for all actions on the same resources."""
    actions: Mapping[tuple[tuple[str, ...], str | None], set[str]] = defaultdict(set)
    for grant in grants:
        actions[grant.resources, grant.passed_to].update(grant.actions)
    return [
        _statement(sorted(names), resources, passed_to, scope)
        for (resources, passed_to), names in sorted(actions.items(), key=lambda it: str(it[0]))
    ]


def _statement(
    actions: list[str], resources: tuple[str, ...], passed_to: str | None, scope: Scope
) -> Statement:
    statement: Statement = {
        "Effect": "Allow",
        "Action": actions,
        "Resource": [_resource(pattern, scope) for pattern in resources],
    }
    if passed_to is not None:
        statement["Condition"] = {"StringEquals": {"iam:PassedToService": passed_to}}
    return statement


def _resource(pattern: str, scope: Scope) -> str:
    return pattern.format(
        partition=partition(scope.region), region=scope.region, account=scope.account_id, name=scope.topology
    )


def _bins(statements: Iterable[Statement]) -> list[list[Statement]]:
    bins: list[list[Statement]] = []
    for statement in statements:
        fitting = (each for each in bins if len(_document([*each, statement])) <= LARGEST_POLICY)
        found = next(fitting, None)
        if found is None:
            bins.append([statement])
        else:
            found.append(statement)
    return bins


def _document(statements: list[Statement]) -> str:
    policy = {"Version": "2012-10-17", "Statement": statements}
    return json.dumps(policy, sort_keys=True, separators=(",", ":"))
