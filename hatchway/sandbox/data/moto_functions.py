"""Reads Lambda functions from moto's records."""

from typing import Any

from moto.awslambda.exceptions import UnknownFunctionException
from moto.awslambda.models import lambda_backends

from hatchway.sandbox.data.world import Function

__all__ = ["read_function"]

# moto is not typed: its objects are `Any` throughout this module.
_Moto = Any


def read_function(arn: str) -> Function | None:
    """Returns the function with this ARN, which may name a version or an alias.

    The function keeps that ARN: a permission is given to a function, or to one of its aliases.
    https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html
    """
    _, _, _, region, account_id, _, name, *qualifier = arn.split(":")
    if account_id not in lambda_backends or region not in lambda_backends[account_id]:
        return None
    try:
        found = lambda_backends[account_id][region].get_function(name, qualifier[0] if qualifier else None)
    except UnknownFunctionException:
        return None
    return _function(found, arn)


def _function(function: _Moto, arn: str) -> Function:
    statements = list(function.policy.statements)
    return Function(
        arn=arn,
        account_id=function.account_id,
        region=function.region,
        name=function.function_name,
        role=function.role,
        handler=function.handler or "",
        runtime=function.run_time or "",
        timeout_seconds=float(function.timeout),
        memory_megabytes=int(function.memory_size),
        environment=dict(function.environment_vars or {}),
        code=function.code_bytes,
        digest=function.code_digest,
        policy={"Version": "2012-10-17", "Statement": statements} if statements else None,
    )
