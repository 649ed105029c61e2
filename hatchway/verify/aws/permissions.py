"""The least-privilege policy of each account, written from the table of reads."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from hatchway.route.sources.attributes import partition
from hatchway.route.symbols import Text
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import READS, Read, Side

__all__ = ["granted_on", "policies"]


def granted_on(read: Read, region: str, account_id: str) -> str:
    """Return the resource that a policy grants a read on."""
    return read.resource.format(partition=partition(Text.of(region)), region=region, account=account_id)


def policies(estate: Estate) -> Mapping[str, Mapping[str, Any]]:
    """Return the policy document of each account that facts are read in, by the account's name."""
    found = {}
    for name, account in estate.accounts.items():
        granted: dict[tuple[str, str], set[str]] = {}
        sides = estate.sides_of(name)
        for read in READS.values():
            # What reads the other kind of gateway is still needed for private APIs in the same account.
            own = sides - {Side.GATEWAY} if read.kind not in {"", estate.kind} else sides
            if own & set(read.sides):
                place = granted_on(read, account.region, account.id)
                # API Gateway has one action for all reading: one statement with every path of it.
                is_gateway = read.action == "apigateway:GET"
                key = ("apigateway" if is_gateway else read.service, "" if is_gateway else place)
                granted.setdefault(key, set()).add(f"{read.action} {place}")
        if granted:
            found[name] = {
                "Version": "2012-10-17",
                "Statement": [_statement(service, rows) for (service, _), rows in sorted(granted.items())],
            }
    return found


def _statement(service: str, rows: set[str]) -> Mapping[str, Any]:
    actions = sorted({row.split(" ", 1)[0] for row in rows})
    every = {row.split(" ", 1)[1] for row in rows}
    # A pattern that another one covers says nothing: `*` matches slashes too.
    places = sorted(
        one for one in every if not any(other != one and fnmatchcase(one, other) for other in every)
    )
    return {
        "Sid": f"Hatchway{service.title().replace('-', '')}",
        "Effect": "Allow",
        "Action": actions,
        "Resource": places,
    }
