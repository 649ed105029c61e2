"""Rules of security groups that name another group."""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupRule

__all__ = ["install"]


def install() -> None:
    """Corrects moto's security group rules."""
    # What moto has is a property too; mypy takes it for a method.
    SecurityGroupRule.description = property(_description)  # type: ignore[assignment,method-assign]


def _description(rule: Any) -> str | None:
    """Tells the description of a rule for a group too; moto tells that of one for a range alone.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SecurityGroupRule.html
    Goes when moto does.
    """
    found: str | None = (rule.ip_range or rule.source_group).get("Description")
    return found
