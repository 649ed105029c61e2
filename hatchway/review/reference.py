"""What review finds beside the hops of a route, for the reference of checks."""

from hatchway.report.check_reference import Entry
from hatchway.review.changes import DESTROYS, REDEPLOYS, REPLACES
from hatchway.review.providers import NAMES_PROVIDER

__all__ = ["ENTRIES"]

ENTRIES = (
    Entry(
        id=NAMES_PROVIDER,
        kind="break",
        symptom="Terraform makes the resource with the ambient credentials, whichever account they are for.",
        fix="Set provider to one of those that the stack declares.",
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
)
