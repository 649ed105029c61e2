"""The page docs/reference/verify-permissions.md, written from the table of reads."""

from hatchway.verify.aws.reads import READS, Read, Side
from hatchway.verify.aws.reliance import RESTS_ON, made_for

__all__ = ["page"]

_HEADER = """# What verify reads

Every call that `hatchway verify` makes to read facts, with the permission that it needs. It changes nothing:
it makes no other call, besides `sts:AssumeRole` on `deploy_role` (or `sts:GetCallerIdentity`, which needs no
permission), and reading Terraform's state. `hatchway verify --print-policy` prints the policy of each
account, and `--account NAME` that of one. A check that rests on a call that is not allowed is unknown, never
a pass. This page is written by `make docs`.

An account is the *gateway*'s (`gateway.account`), a *service*'s (`services.NAME.account`), that of an
*endpoint* (its network's) or that of *transit* (the owner of the Transit Gateway); often several of these.
[Checks](checks.md) explains the ids.

| call | permission | on | in the account of | checks |
|---|---|---|---|---|
"""


def page() -> str:
    """Return the page."""
    return _HEADER + "".join(map(_row, READS.values()))


def _row(read: Read) -> str:
    place = (
        read.resource.replace("{partition}", "aws").replace("{region}", "REGION").replace("{account}", "ID")
    )
    sides = ", ".join(side.value for side in Side if side in read.sides)
    checks = ", ".join(_checks(read))
    return f"| `{read.operation}` | `{read.action}` | `{place}` | {sides} | {checks} |\n"


def _checks(read: Read) -> list[str]:
    """Return the checks that rest on a read, whichever kind of API the gateway is."""
    return sorted(
        check
        for check, needs in RESTS_ON.items()
        if any(
            operation == read.operation
            for need in needs
            for kind in ("rest", "http")
            for _, operation in made_for(need, kind)
        )
    )
