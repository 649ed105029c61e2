"""Route 53: ids of hosted zones."""

from contextvars import ContextVar
from typing import Any

from moto.route53 import models

from hatchway.sandbox.control.patching import around
from hatchway.sandbox.hosted_zone import GIVEN_ID

__all__ = ["install"]

_given: ContextVar[str | None] = ContextVar("_given", default=None)


def install() -> None:
    """Corrects moto's hosted zones."""
    around(models, "create_route53_zone_id", _ids_begin_with_z)
    around(models.Route53Backend, "create_hosted_zone", _a_zone_that_is_there_has_its_id)


def _a_zone_that_is_there_has_its_id(original: Any, backend: Any, *args: Any, **kwargs: Any) -> Any:
    """Lets the sandbox make the zone that a topology expects to be there, under the id it names.

    No correction: AWS lets nobody choose an id. The caller reference tells the sandbox's own call.
    """
    reference = kwargs.get("caller_reference") or ""
    given = reference.removeprefix(GIVEN_ID) if reference.startswith(GIVEN_ID) else None
    token = _given.set(given)
    try:
        return original(backend, *args, **kwargs)
    finally:
        _given.reset(token)


def _ids_begin_with_z(original: Any, *args: Any, **kwargs: Any) -> str:
    """Begins an id with `Z`, as all of AWS's do; goes when moto's do.

    https://docs.aws.amazon.com/Route53/latest/APIReference/API_HostedZone.html
    """
    identity: str = original(*args, **kwargs)
    return _given.get() or f"Z{identity[1:]}"
