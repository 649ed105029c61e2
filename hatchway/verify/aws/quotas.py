"""How much of AWS's quotas is in use, as far as it shows in what is read anyway.

Quotas are those that the topology knows: AWS's defaults, and what `gateway.raised_quotas` says was raised.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
"""

from collections.abc import Iterator

from hatchway.route.live import QuotaUse
from hatchway.topology import http_api_rules, quota_rules
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import V2

__all__ = ["uses"]


def uses(estate: Estate, answers: Answers) -> Iterator[QuotaUse]:
    """Give what the gateway's account and region use of each quota that could be counted."""
    region = f"accounts.{estate.gateway}"
    api = f"API {estate.api_id}"
    if estate.kind == "http":
        counted = [
            ("vpc_links", region, answers.about(f"{V2}GetVpcLinks"), http_api_rules.LINKS_OF_VERSION_2),
            ("routes", api, answers.about(f"{V2}GetRoutes", ApiId=estate.api_id), http_api_rules.ROUTES),
        ]
    else:
        public = {"restApiId": estate.api_id}
        links = (
            (answers.about(f"{V2}GetVpcLinks"), http_api_rules.LINKS_OF_VERSION_2)
            if estate.has_links_of_version_2
            else (answers.about("GetVpcLinks"), quota_rules.VPC_LINKS)
        )
        counted = [
            ("vpc_links", region, *links),
            ("usage_plans", region, answers.about("GetUsagePlans"), quota_rules.USAGE_PLANS),
            ("resources", api, answers.about("GetResources", **public), quota_rules.RESOURCES),
            ("authorizers", api, answers.about("GetAuthorizers", **public), quota_rules.AUTHORIZERS),
        ]
    for name, subject, found, most in counted:
        if found is not None:
            raised = estate.raised_quotas.get(name, most)
            yield QuotaUse(subject=subject, name=name.replace("_", " "), used=len(found), most=raised)
