"""Names: of AWS resources within their limits, of Terraform addresses without collisions."""

import hashlib
import re
from collections.abc import Sequence

HASH_LENGTH = 6
PLAIN_SEGMENT = re.compile(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*")
PARAMETER = re.compile(r"\{([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)(\+?)\}")
PARAMETER_PREFIX = "by-"
GREEDY_SUFFIX = "-plus"
REMOTE_STATE_PREFIX = "cross-stack-reference-input-"


def prefix(name: str, limit: int) -> str:
    """Cuts a name to what a `name_prefix` of Terraform may have, with its closing hyphen."""
    return f"{name[: limit - 1].rstrip('-')}-"


def bounded(name: str, limit: int) -> str:
    """The name itself, or where it is too long its start and a hash: different names stay different."""
    if len(name) <= limit:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:HASH_LENGTH]
    return f"{name[: limit - HASH_LENGTH - 1].rstrip('-')}-{digest}"


def path_slug(path: str) -> str:
    """Renders a resource path as part of a Terraform address: '/orders/{id}' is 'orders_by-id'.

    Different paths give different slugs, and a slug depends on its path alone, so that adding a path
    never moves another. A segment that is not letters, digits and single hyphens gets a hash.
    """
    return "_".join(_segment_slug(segment) for segment in path.strip("/").split("/") if segment)


def _segment_slug(segment: str) -> str:
    parameter = PARAMETER.fullmatch(segment)
    if parameter is not None:
        name, greedy = parameter.groups()
        return f"{name}{GREEDY_SUFFIX}" if greedy else f"{PARAMETER_PREFIX}{name}"
    reserved = segment.startswith(PARAMETER_PREFIX) or segment.endswith(GREEDY_SUFFIX)
    if PLAIN_SEGMENT.fullmatch(segment) and not reserved:
        return segment
    digest = hashlib.sha256(segment.encode()).hexdigest()[:HASH_LENGTH]
    return f"{re.sub(r'[^A-Za-z0-9]+', '-', segment).strip('-')}--{digest}"


def logical_id(components: Sequence[str]) -> str:
    """Renders construct ids below a stack as the name in a Terraform address.

    Ids that begin with a capital name a kind, which the Terraform type says already. cdktf names the output
    that carries a value across stacks by the value's address. `pipeline.cjs` has the same rule for Node.
    """
    named = (
        component.removeprefix(REMOTE_STATE_PREFIX) for component in components if not component[:1].isupper()
    )
    return "_".join(named).replace(".", "-")


def literal(text: str) -> str:
    """Escapes text of the user's, so that Terraform reads `${` and `%{` as they are written."""
    return text.replace("${", "$${").replace("%{", "%%{")
