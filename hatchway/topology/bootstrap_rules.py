"""Rules about what `hatchway bootstrap` creates."""

from collections.abc import Iterator

from hatchway.topology.model import Topology
from hatchway.topology.problems import Misfit
from hatchway.topology.references import reference

KEY = "bootstrap"


def somebody_is_trusted(topology: Topology) -> Iterator[Misfit]:
    """A role that nobody may take is of no use; with dynamic credentials, HCP Terraform takes it."""
    declared = topology.bootstrap
    if declared is None or declared.trusted_principals:
        return
    hcp = topology.state.hcp
    if hcp is None or not hcp.dynamic_credentials:
        yield Misfit(
            path=(KEY, "trusted_principals"),
            message="is empty, so nobody could take the roles",
            fix="Name the roles of those who deploy, such as that of the pipeline.",
        )


def state_account_is_known(topology: Topology) -> Iterator[Misfit]:
    """The account of the state bucket is declared."""
    declared = topology.bootstrap
    if declared is not None and declared.state_account is not None:
        path = (KEY, "state_account")
        yield from reference(path, "an account", declared.state_account, topology.accounts)


def state_role_is_in_the_state_account(topology: Topology) -> Iterator[Misfit]:
    """The role is made where the bucket is, so that the bucket's policy has to let no other account in."""
    declared, state = topology.bootstrap, topology.state.s3
    if declared is None or state is None or state.role is None:
        return
    owner = state.role.split(":")[4]
    if declared.state_account is None:
        if owner not in {account.id for account in topology.accounts.values()}:
            yield Misfit(
                path=("state", "s3", "role"),
                message="is a role of an account that is not declared, where bootstrap cannot create it",
                got=state.role,
                fix="Declare the account under accounts.",
            )
    elif owner != topology.accounts[declared.state_account].id:
        yield Misfit(
            path=(KEY, "state_account"),
            message=f"is not the account of state.s3.role ({owner})",
            got=declared.state_account,
            fix="Name that account, or leave it out.",
        )


def there_is_something_to_create(topology: Topology) -> Iterator[Misfit]:
    """Bootstrap creates roles that are named, and the bucket of state in S3."""
    if topology.bootstrap is None or topology.state.s3 is not None:
        return
    if all(account.deploy_role is None for account in topology.accounts.values()):
        yield Misfit(
            path=(KEY,),
            message="has nothing to create: no account names a deploy_role, and state is not in S3",
            fix="Name accounts.ACCOUNT.deploy_role, or leave the section out.",
        )
