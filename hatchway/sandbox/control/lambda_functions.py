"""Lambda functions: where they log."""

from typing import Any

from moto.awslambda import models

from hatchway.sandbox.control.patching import around

__all__ = ["install"]


def install() -> None:
    """Corrects moto's functions."""
    around(models.LambdaFunction, "__init__", _a_function_keeps_where_it_logs)
    around(models.LambdaFunction, "update_configuration", _it_can_log_elsewhere)
    around(models.LambdaFunction, "get_configuration", _it_shows_where_it_logs)


def _a_function_keeps_where_it_logs(
    original: Any, function: Any, account_id: str, spec: dict[str, Any], *args: Any, **kwargs: Any
) -> None:
    """Keeps `LoggingConfig`, which moto drops; goes when it keeps it.

    https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
    """
    original(function, account_id, spec, *args, **kwargs)
    function.sandbox_logging = _complete(function, spec.get("LoggingConfig"))


def _complete(function: Any, given: dict[str, Any] | None) -> dict[str, Any]:
    return {"LogFormat": "Text", "LogGroup": f"/aws/lambda/{function.function_name}", **(given or {})}


def _it_can_log_elsewhere(original: Any, function: Any, updates: dict[str, Any]) -> Any:
    """Changes what is kept; goes with it."""
    if "LoggingConfig" in updates:
        function.sandbox_logging = _complete(function, updates["LoggingConfig"])
    return original(function, updates)


def _it_shows_where_it_logs(original: Any, function: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
    """Returns what is kept; goes with it."""
    shown: dict[str, Any] = original(function, *args, **kwargs)
    shown["LoggingConfig"] = function.sandbox_logging
    return shown
