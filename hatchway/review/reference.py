"""What review finds beside the hops of a route, for the reference of checks."""

from hatchway.report.check_reference import Entry
from hatchway.review.acceptance import MATCHES
from hatchway.review.changes import DESTROYS, REDEPLOYS, REPLACES
from hatchway.review.clashes import CLASHES
from hatchway.review.providers import NAMES_PROVIDER
from hatchway.review.shadow import OPINIONS_AGREE
from hatchway.review.state_locks import LOCKS_STATE

__all__ = ["ENTRIES"]

ENTRIES = (
    Entry(
        id=NAMES_PROVIDER,
        kind="break",
        symptom="Terraform makes the resource with the ambient credentials, whichever account they are for.",
        fix="Set provider to one of those that the stack declares.",
    ),
    Entry(
        id=LOCKS_STATE,
        kind="risk",
        symptom="Two applies at the same time: what one of them made is missing from the state.",
        fix="Set use_lockfile = true.",
    ),
    Entry(
        id=DESTROYS,
        kind="risk",
        symptom="While the plan is applied, and after it, requests that need the resource fail.",
        fix="Check that nothing is routed over it.",
    ),
    Entry(
        id=REPLACES,
        kind="risk",
        symptom="Between destruction and creation the path is interrupted, or the apply fails.",
        fix="Set lifecycle { create_before_destroy = true }, or plan for the outage.",
    ),
    Entry(
        id=REDEPLOYS,
        kind="break",
        symptom="The apply succeeds, and calls are still judged by the policy that was deployed before.",
        fix="Hash the policy resource in the triggers of the deployment.",
    ),
    Entry(
        id=CLASHES,
        kind="break",
        symptom="The apply fails: the name exists, or the address is in use. The old one keeps working.",
        fix="Change it along with the rest: another address, or name_prefix in place of name.",
    ),
    Entry(
        id=MATCHES,
        kind="risk",
        symptom="Nothing today; if what was accepted comes back, it is accepted again.",
        fix="Remove the entry from the baseline, or correct its id and subject.",
    ),
    Entry(
        id=OPINIONS_AGREE,
        kind="risk",
        symptom="None by itself: with `--shadow`, one of two readings of the configuration is wrong.",
        fix="Look at the value in question with `terraform plan`, and report which of the two is wrong.",
    ),
)
