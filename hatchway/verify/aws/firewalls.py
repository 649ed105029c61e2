"""The web ACL in front of the public stage, as resources. Only a REST API's stage can have one.

https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.apis import stage_arn
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["wanted", "write"]

_PARTS = 4
_GROUP = "RuleGroupReferenceStatement"


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for the web ACL that the stage names."""
    arn = _named(estate, answers)
    if arn is not None:
        yield _request(estate, arn)


def write(estate: Estate, answers: Answers, shapes: Shapes) -> None:
    """Add the web ACL and that it stands before the stage."""
    arn = _named(estate, answers)
    found = None if arn is None else answers.given.get(_request(estate, arn))
    if arn is None or not isinstance(found, Mapping):
        return
    region = estate.accounts[estate.gateway].region
    stage = stage_arn(region, str(estate.api_id), estate.stage)
    shapes.add(
        estate.gateway,
        "aws_wafv2_web_acl",
        str(found.get("Id")),
        arn=arn,
        default_action=[{name.lower(): [{}] for name in found.get("DefaultAction") or {}}],
        rule=[_rule(one) for one in found.get("Rules") or ()],
    )
    shapes.add(
        estate.gateway,
        "aws_wafv2_web_acl_association",
        f"{arn},{stage}",
        resource_arn=stage,
        web_acl_arn=arn,
    )


def _named(estate: Estate, answers: Answers) -> str | None:
    """Return the ARN of the stage's web ACL; None for none, and for one of WAF Classic."""
    for stage in answers.about("GetStages", restApiId=estate.api_id) or ():
        arn = str(stage.get("webAclArn") or "")
        if stage.get("stageName") == estate.stage and ":wafv2:" in arn and arn.count("/") == _PARTS - 1:
            return arn
    return None


def _request(estate: Estate, arn: str) -> Request:
    _, _, name, identity = arn.split("/")
    return Request.of(estate.gateway, "GetWebACL", Name=name, Id=identity)


def _rule(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a rule does with what it matches; what it matches decides nothing here."""
    statement = rule.get("Statement") or {}
    return {
        "name": rule.get("Name"),
        "action": [{name.lower(): [{}]} for name in rule.get("Action") or {}],
        "statement": [{"rule_group_reference_statement": [{}]}] if _GROUP in statement else [],
    }
