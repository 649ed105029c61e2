"""The Lambda functions that authorizers and integrations call, with who may invoke them."""

from collections.abc import Iterator, Mapping
from typing import Any

from hatchway.verify.aws import definitions, http_apis
from hatchway.verify.aws.answers import Answers
from hatchway.verify.aws.estate import Estate
from hatchway.verify.aws.reads import Request
from hatchway.verify.aws.shapes import Shapes

__all__ = ["function_arn", "wanted", "write"]

_ARN_ACCOUNT, _ARN_NAME = 4, 6


def wanted(estate: Estate, answers: Answers) -> Iterator[Request]:
    """Ask for the state of each function, and for its policy."""
    for account, arn in _functions(estate, answers):
        yield Request.of(account, "GetPolicy", FunctionName=arn)
        yield Request.of(account, "GetFunctionConfiguration", FunctionName=arn)


def _functions(estate: Estate, answers: Answers) -> Iterator[tuple[str, str]]:
    """Give the functions that are named in accounts of the topology; of others nothing can be read."""
    uris = [str(one.get("authorizerUri")) for _, one in answers.items("GetAuthorizers")]
    uris += [
        str((method.integration or {}).get("uri"))
        for _, document in answers.of("GetExport")
        for method in definitions.exported(document).methods.values()
    ]
    for uri in (*uris, *http_apis.authorizer_uris(answers)):
        arn = function_arn(uri)
        account = estate.named(arn.split(":")[_ARN_ACCOUNT]) if arn is not None else None
        if arn is not None and account is not None:
            yield account, arn


def function_arn(uri: str) -> str | None:
    """Return the function in an invocation ARN, None if there is none."""
    _, found, rest = uri.partition(":lambda:path/")
    arn = rest.partition("/functions/")[2].rpartition("/invocations")[0]
    return arn if found and arn.startswith("arn:") and arn.count(":") >= _ARN_NAME else None


def _invoke_arn(arn: str) -> str:
    """Return the one uri under which API Gateway calls a function."""
    _, partition, _, region, *_ = arn.split(":")
    return f"arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"


def write(estate: Estate, answers: Answers, shapes: Shapes) -> None:
    """Add every function, and each statement of its policy."""
    for account, arn in _functions(estate, answers):
        name = arn.split(":")[_ARN_NAME]
        invoke = _invoke_arn(arn)
        kind = "aws_lambda_function"
        shapes.add(account, kind, arn, called=name, arn=arn, function_name=name, invoke_arn=invoke)
        document = answers.about("GetPolicy", FunctionName=arn) or {}
        policy = definitions.policy_of(document.get("Policy")) or {}
        for number, statement in enumerate(policy.get("Statement") or ()):
            if statement.get("Effect") == "Allow":
                _permission(account, arn, number, statement, shapes)


def _permission(account: str, arn: str, number: int, statement: Mapping[str, Any], shapes: Shapes) -> None:
    principal = statement.get("Principal") or {}
    service = principal.get("Service") if isinstance(principal, Mapping) else principal
    sources = [
        value
        for keys in (statement.get("Condition") or {}).values()
        for key, value in keys.items()
        if key.lower() == "aws:sourcearn"
    ]
    shapes.add(
        account,
        "aws_lambda_permission",
        f"{arn}/{statement.get('Sid', number)}",
        called=statement.get("Sid"),
        function_name=arn,
        principal=service if isinstance(service, str) else None,
        source_arn=sources[0] if sources and isinstance(sources[0], str) else None,
    )
