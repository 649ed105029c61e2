"""Who may call a private API, as its resource policy says it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowedCallers:
    """Where requests to a private API have to come from: each restriction that is given has to be met."""

    vpc_endpoint_ids: Sequence[str]
    """Endpoints that requests may come through."""
    vpc_ids: Sequence[str] = ()
    """VPCs that callers have to be in; empty for any."""
    source_cidrs: Sequence[str] = ()
    """Addresses that callers have to have, as the endpoint sees them; empty for any."""

    def policy(self, resource: str) -> Mapping[str, object]:
        """Everyone may invoke, unless the request came another way.

        A deny for each restriction, since a second statement that allows could take back what one
        allow restricts. `resource` is what `execute-api:Invoke` is about.
        https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-examples.html
        """
        statement = {"Principal": "*", "Action": "execute-api:Invoke", "Resource": resource}
        denied = [
            {**statement, "Sid": sid, "Effect": "Deny", "Condition": {operator: {key: list(values)}}}
            for sid, operator, key, values in (
                ("OnlyThroughTheEndpoint", "StringNotEquals", "aws:SourceVpce", self.vpc_endpoint_ids),
                ("OnlyFromTheVpc", "StringNotEquals", "aws:SourceVpc", self.vpc_ids),
                ("OnlyFromTheAddresses", "NotIpAddress", "aws:VpcSourceIp", self.source_cidrs),
            )
            if values
        ]
        allowed = {**statement, "Sid": "Invoke", "Effect": "Allow"}
        return {"Version": "2012-10-17", "Statement": [allowed, *denied]}

    def render(self, resource: str) -> str:
        """The policy as text.

        Keys are sorted and ARNs are complete, which is how AWS gives the policy back: anything else
        would be a difference, and so a redeployment, on each plan.
        """
        return json.dumps(self.policy(resource), sort_keys=True)
