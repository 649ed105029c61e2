"""What an execute-api resource policy or endpoint policy answers to one request: allow, deny or unknown."""

from hatchway.route.policy.context import Anonymous, AwsPrincipal, PolicyRequest, private_call
from hatchway.route.policy.evaluation import Decision, Effect, evaluate
from hatchway.route.policy.model import Policy, Statement, parse_policy

__all__ = [
    "Anonymous",
    "AwsPrincipal",
    "Decision",
    "Effect",
    "Policy",
    "PolicyRequest",
    "Statement",
    "evaluate",
    "parse_policy",
    "private_call",
]
