"""Rules about accounts, references to them, and tags."""

from collections.abc import Iterator

from hatchway.topology.model import Topology
from hatchway.topology.problems import Misfit
from hatchway.topology.references import reference
from hatchway.topology.shapes import usable

# https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html
LONGEST_TAG_KEY = 128
LONGEST_TAG_VALUE = 256
MOST_TAGS = 50


def account_id_has_one_name(topology: Topology, name: str) -> Iterator[Misfit]:
    """Two names for one account in a region would give it two providers, and a share with itself."""
    account = topology.accounts[name]
    for other, another in topology.accounts.items():
        if other == name:
            return
        if usable(another, lambda it: (it.id, it.region)) == (account.id, account.region):
            yield Misfit(
                path=("accounts", name, "id"),
                message=f"is the id of accounts.{other} too",
                got=account.id,
                fix=f"Use one name for the account: write '{other}' wherever it is '{name}'.",
            )
            return


def roles_are_in_account(topology: Topology, name: str) -> Iterator[Misfit]:
    """`allowed_account_ids` would refuse a role of another account in the middle of a plan."""
    account = topology.accounts[name]
    for key, role in (("deploy_role", account.deploy_role), ("verify_role", account.verify_role)):
        owner = account.id if role is None else role.split(":")[4]
        if owner != account.id:
            yield Misfit(
                path=("accounts", name, key),
                message=f"is a role of account {owner}, not of {account.id}",
                got=role,
                fix=f"Name a role of accounts.{name}, or correct accounts.{name}.id.",
            )


def gateway_account_is_known(topology: Topology) -> Iterator[Misfit]:
    """The gateway's account is declared."""
    yield from reference(("gateway", "account"), "an account", topology.gateway.account, topology.accounts)


def tags_are_usable(topology: Topology) -> Iterator[Misfit]:
    """AWS refuses tags over its limits, and keys it keeps for itself."""
    if len(topology.tags) > MOST_TAGS:
        yield Misfit(path=("tags",), message=f"has more than {MOST_TAGS} tags", got=len(topology.tags))
    for key, value in topology.tags.items():
        if key.lower().startswith("aws:"):
            message, fix = "begins with 'aws:', which AWS keeps for itself", "Choose another key."
        elif not 1 <= len(key) <= LONGEST_TAG_KEY:
            message, fix = "is not a tag key of 1 to 128 characters", "Choose another key."
        elif len(value) > LONGEST_TAG_VALUE:
            message, fix = "has a value of more than 256 characters", "Shorten it."
        else:
            continue
        yield Misfit(path=("tags", key), message=message, fix=fix)
