"""Reads who may call from moto's records: roles, credentials and API keys."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from moto.apigateway.models import apigateway_backends
from moto.iam.models import iam_backends
from moto.sts.models import sts_backends

from hatchway.sandbox.data.world import (
    ApiKey,
    Credentials,
    Document,
    PlanStage,
    Quota,
    Role,
    Throttle,
    UsagePlan,
)

__all__ = ["read_api_key", "read_credentials", "read_role", "throttle"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any
Parse = Callable[[object], Document | None]


def read_role(arn: str, parse: Parse) -> Role | None:
    """Returns the role with this ARN; `parse` reads a policy document."""
    found = _find_role(arn)
    if found is None:
        return None
    return Role(
        arn=arn, trust=parse(found.assume_role_policy_document), policies=tuple(_policies(found, parse))
    )


def _find_role(arn: str) -> _Moto | None:
    account_id = arn.split(":")[4]
    backend = iam_backends[account_id]["aws"] if account_id in iam_backends else None
    return next((r for r in list(backend.roles.values()) if r.arn == arn), None) if backend else None


def _policies(owner: _Moto, parse: Parse) -> list[Document]:
    texts = [*owner.policies.values(), *map(_document, owner.managed_policies.values())]
    return [document for document in map(parse, texts) if document is not None]


def _document(policy: _Moto) -> object:
    """The text of a managed policy's default version."""
    return next(v.document for v in policy.versions if v.version_id == policy.default_version_id)


def read_credentials(access_key_id: str, parse: Parse) -> Credentials | None:
    """Returns the credentials of an assumed role or of a user.

    A role that nobody made (the sandbox lets any ARN be assumed, since deployments need it) is taken for an
    administrator of its account.
    """
    for regions in list(sts_backends.values()):
        for backend in list(regions.values()):
            for session in list(backend.assumed_roles):
                if session.access_key_id == access_key_id:
                    return _of_session(session, parse)
    for account_id, partitions in list(iam_backends.items()):
        for user in list(partitions["aws"].users.values()) if "aws" in partitions else ():
            for key in list(user.access_keys):
                if key.access_key_id == access_key_id and key.status == "Active":
                    return _of_user(account_id, user, key, parse)
    return None


def _of_session(session: _Moto, parse: Parse) -> Credentials:
    role = _find_role(session.role_arn)
    return Credentials(
        access_key_id=session.access_key_id,
        secret_access_key=session.secret_access_key,
        session_token=session.session_token,
        arn=session.arn,
        account_id=session.account_id,
        principals=(session.arn, session.role_arn),
        policies=tuple(_policies(role, parse)) if role else (),
        is_administrator=role is None,
    )


def _of_user(account_id: str, user: _Moto, key: _Moto, parse: Parse) -> Credentials:
    groups = [group for group in iam_backends[account_id]["aws"].groups.values() if user in group.users]
    return Credentials(
        access_key_id=key.access_key_id,
        secret_access_key=key.secret_access_key,
        arn=user.arn,
        account_id=account_id,
        principals=(user.arn,),
        policies=tuple(document for owner in (user, *groups) for document in _policies(owner, parse)),
    )


def read_api_key(value: str, account_id: str, region: str) -> ApiKey | None:
    """Returns the API key with this value, and the plans it is in."""
    if account_id not in apigateway_backends or region not in apigateway_backends[account_id]:
        return None
    backend = apigateway_backends[account_id][region]
    key = next((key for key in list(backend.keys.values()) if key.value == value), None)
    if key is None:
        return None
    return ApiKey(
        id=key.id,
        name=key.name or "",
        is_enabled=str(key.enabled).lower() == "true",
        plans=tuple(_plan(plan) for plan in _plans(backend, key.id)),
    )


def _plans(backend: _Moto, key_id: str) -> Iterator[_Moto]:
    for plan_id, keys in list(backend.usage_plan_keys.items()):
        if key_id in keys and plan_id in backend.usage_plans:
            yield backend.usage_plans[plan_id]


def _plan(plan: _Moto) -> UsagePlan:
    return UsagePlan(
        id=plan.id,
        stages=tuple(
            PlanStage(
                api_id=stage["apiId"],
                stage=stage["stage"],
                throttles={
                    path: found
                    for path, settings in (stage.get("throttle") or {}).items()
                    if (found := throttle(settings)) is not None
                },
            )
            for stage in plan.api_stages
        ),
        throttle=throttle(plan.throttle),
        quota=_quota(plan.quota or {}),
    )


def _quota(settings: Mapping[str, Any]) -> Quota | None:
    if not settings.get("limit"):
        return None
    return Quota(
        limit=int(settings["limit"]),
        period=str(settings.get("period", "DAY")),
        offset=int(settings.get("offset") or 0),
    )


def throttle(settings: Mapping[str, Any] | None) -> Throttle | None:
    """Reads rate and burst, where both are there."""
    if not settings or settings.get("rateLimit") is None or settings.get("burstLimit") is None:
        return None
    return Throttle(rate=float(settings["rateLimit"]), burst=int(settings["burstLimit"]))
