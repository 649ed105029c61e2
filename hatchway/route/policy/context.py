"""The request a policy is asked about: who, what, and the condition keys that come with it.

Keys: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from hatchway.route.symbols import Text

# Only a signed request carries them, so an anonymous one never does.
SIGNED_ONLY_KEYS = frozenset(
    {
        "aws:multifactorauthage",
        "aws:multifactorauthpresent",
        "aws:principalaccount",
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principalorgid",
        "aws:principalorgpaths",
        "aws:principaltype",
        "aws:tokenissuetime",
        "aws:userid",
        "aws:username",
    }
)
SIGNED_ONLY_PREFIXES = ("aws:principaltag/", "aws:requesttag/", "aws:resourcetag/")
# Only a request through an interface endpoint carries them.
PRIVATE_ONLY_KEYS = frozenset(
    {"aws:sourcevpc", "aws:sourcevpce", "aws:vpcsourceip", "aws:vpceaccount", "aws:vpceorgid"}
)


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A caller who signs nothing: every method whose authorization is not AWS_IAM."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsPrincipal:
    """A caller who signs: account and, where known, ARN."""

    account: Text
    arn: Text | None = None


@dataclass(frozen=True, kw_only=True)
class PolicyRequest:
    """One call of `execute-api:Invoke`.

    A condition key is present (`values`), known to be missing (`absent`), or neither: then whatever asks
    for it is unknown. Addresses may be networks: an address somewhere in `10.0.0.0/24`.
    """

    resource: Text
    principal: Anonymous | AwsPrincipal = Anonymous()
    action: str = "execute-api:Invoke"
    values: Mapping[str, tuple[Text, ...]] = field(default_factory=lambda: MappingProxyType({}))
    absent: frozenset[str] = frozenset()

    def key(self, name: str) -> tuple[Text, ...] | None:
        """The values of a condition key, `()` when it is missing for certain, None when that is unknown."""
        name = name.lower()
        if name in self.values:
            return self.values[name]
        unsigned = isinstance(self.principal, Anonymous)
        if unsigned and (name in SIGNED_ONLY_KEYS or name.startswith(SIGNED_ONLY_PREFIXES)):
            return ()
        return () if name in self.absent else None


def private_call(
    *,
    resource: Text,
    endpoint: Text,
    vpc: Text | None,
    source_address: Text | None,
    principal: Anonymous | AwsPrincipal = Anonymous(),
) -> PolicyRequest:
    """Describe a call that reaches a private API through an interface endpoint.

    Args:
        resource: `arn:…:execute-api:region:account:api/stage/METHOD/path`.
        endpoint: Id of the endpoint, `aws:SourceVpce`.
        vpc: Id of the endpoint's VPC, `aws:SourceVpc`; None when unknown.
        source_address: Address, or network of the address, the endpoint sees; None when unknown.
        principal: Who signs; nobody on this path.
    """
    values: dict[str, tuple[Text, ...]] = {
        "aws:sourcevpce": (endpoint,),
        "aws:securetransport": (Text.of("true"),),
    }
    if vpc is not None:
        values["aws:sourcevpc"] = (vpc,)
    if source_address is not None:
        values["aws:vpcsourceip"] = (source_address,)
    return PolicyRequest(resource=resource, principal=principal, values=MappingProxyType(values))


def public_call(
    *, resource: Text, principal: Anonymous | AwsPrincipal, absent: Sequence[str] = ()
) -> PolicyRequest:
    """Describe a call to a Regional or edge API: it comes through no endpoint."""
    return PolicyRequest(
        resource=resource,
        principal=principal,
        values=MappingProxyType({"aws:securetransport": (Text.of("true"),)}),
        absent=PRIVATE_ONLY_KEYS | {name.lower() for name in absent},
    )
