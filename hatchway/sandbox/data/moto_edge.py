"""What stands around a stage in moto's records: web ACLs in front of it, log groups behind it."""

import time
from typing import Any

from moto.logs.models import logs_backends
from moto.wafv2.models import wafv2_backends

from hatchway.sandbox.control.plane import MOTO_LOCK
from hatchway.sandbox.data.world import WebAcl

__all__ = ["read_web_acl", "write_log"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any


def read_web_acl(stage_arn: str) -> WebAcl | None:
    """Returns the web ACL that is associated with a stage."""
    for regions in list(wafv2_backends.values()):
        for backend in list(regions.values()):
            for acl in list(backend.wacls.values()):
                if stage_arn in acl.associated_resources:
                    return _web_acl(backend, acl)
    return None


def _web_acl(backend: _Moto, acl: _Moto) -> WebAcl:
    rules = [rule if isinstance(rule, dict) else rule.to_dict() for rule in acl.rules]
    return WebAcl(
        arn=acl.arn,
        default_action=dict(acl.default_action),
        rules=tuple(sorted(rules, key=lambda rule: int(rule["Priority"]))),
        ip_sets={ip_set.arn: tuple(ip_set.addresses) for ip_set in list(backend.ip_sets.values())},
    )


def write_log(log_group_arn: str, stream: str, line: str) -> None:
    """Adds a line to a log group; nothing happens where it does not exist, as in AWS."""
    parts = log_group_arn.split(":")
    account_id, region, name = parts[4], parts[3], parts[6]
    with MOTO_LOCK:
        backend = logs_backends[account_id][region]
        group = backend.groups.get(name)
        if group is None:
            return
        if stream not in group.streams:
            backend.create_log_stream(name, stream)
        backend.put_log_events(name, stream, [{"timestamp": int(time.time() * 1000), "message": line}])
