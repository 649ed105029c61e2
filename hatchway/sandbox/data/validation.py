"""Request validators: required parameters, and bodies by their models.

https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
"""

import json

import jsonschema

from hatchway.sandbox.data.gateway_responses import (
    API_CONFIGURATION_ERROR,
    BAD_REQUEST_BODY,
    BAD_REQUEST_PARAMETERS,
    GatewayError,
)
from hatchway.sandbox.data.mapping import Source, method_parameter
from hatchway.sandbox.data.resources import Match
from hatchway.sandbox.data.world import ApiDefinition, Method

__all__ = ["validate"]

_JSON = "application/json"


def validate(definition: ApiDefinition, found: Match, source: Source) -> None:
    """Refuses a request that is not what the method's validator wants.

    Raises:
        GatewayError: 400 for missing parameters and for a body that does not fit its model.
    """
    if found.method.validates_parameters:
        _check_parameters(found.method, source)
    if found.method.validates_body:
        _check_body(definition, found.method, source)


def _check_parameters(method: Method, source: Source) -> None:
    missing = [
        expression.rpartition(".")[2]
        for expression, required in sorted(method.request_parameters.items())
        if required and not method_parameter(expression, source)
    ]
    if missing:
        message = f"Missing required request parameters: [{', '.join(missing)}]"
        raise GatewayError(BAD_REQUEST_PARAMETERS, message, message)


def _check_body(definition: ApiDefinition, method: Method, source: Source) -> None:
    """A content type without a model is not looked at."""
    content_type = (source.request.header("Content-Type") or _JSON).split(";")[0].strip().lower()
    name = method.request_models.get(content_type) or method.request_models.get("$default")
    if name is None or name == "Empty":
        return
    model = definition.models.get(name)
    if model is None:
        raise GatewayError(API_CONFIGURATION_ERROR, f"there is no model {name!r}")
    others = {key: other.schema for key, other in definition.models.items()}
    schema = {**model.schema, "components": {"schemas": others}}
    try:
        body = json.loads(source.request.body)
        jsonschema.Draft4Validator(schema).validate(body)
    except (ValueError, jsonschema.ValidationError) as error:
        reason = getattr(error, "message", str(error))
        raise GatewayError(BAD_REQUEST_BODY, f"the body does not fit {name}: {reason}") from error
