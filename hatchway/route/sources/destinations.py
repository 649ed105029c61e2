"""Where an integration's uri leads: host, stage and path of the private API, and the API named besides."""

import re
from collections.abc import Mapping
from typing import Any

from hatchway.route.facts import Destination, Integration
from hatchway.route.sources.resolve import as_text
from hatchway.route.symbols import Symbol, Text

HEADER = "integration.request.header.x-apigw-api-id"
_PATH = "integration.request.path."
_STAGE_VARIABLE = re.compile(r"(\$\{stageVariables\.\w+\})")
_SERVICE = ".execute-api."


def destination_of(
    integration: Integration, values: Mapping[str, str], variables: Mapping[str, Any]
) -> Destination | None:
    """Read the uri as a request with these path parameters makes it; None when there is none."""
    if integration.uri is None:
        return None
    uri = _filled(integration.uri, variables)
    scheme, written, rest = _partition(uri, "://")
    if not written and uri.symbols:
        return _unknown(integration, uri, variables)
    authority, _, path = _partition(rest, "/")
    host, _, port = _partition(authority, ":")
    stage, _, inner = _partition(_mapped(path, integration, values), "/")
    api, endpoint, region = named_by_host(host)
    return Destination(
        scheme=scheme.literal,
        host=host,
        port=_port(port, scheme.literal),
        stage=stage if stage.parts else None,
        path=Text.of("/", inner),
        host_api=api,
        host_endpoint=endpoint,
        header_api=_fixed_header(integration, variables),
        is_under_execute_api=under_execute_api(host),
        region=region,
    )


def _unknown(integration: Integration, uri: Text, variables: Mapping[str, Any]) -> Destination:
    """Describe a uri of which not even the host can be told apart."""
    return Destination(
        scheme=None,
        host=uri,
        port=None,
        stage=None,
        path=Text.of(Symbol(f"the path of {uri}")),
        host_api=None,
        host_endpoint=None,
        header_api=_fixed_header(integration, variables),
        is_under_execute_api=None,
    )


def under_execute_api(host: Text) -> bool | None:
    """Whether the certificate of execute-api covers a host; None when the host is not known."""
    if _partition(host, _SERVICE)[1]:
        return True
    if any("aws_vpc_endpoint." in symbol.name and "dns" in symbol.name for symbol in host.symbols):
        return True
    if any(symbol.name.endswith(".dns_name") for symbol in host.symbols):
        return False
    return False if host.literal is not None else None


def named_by_host(host: Text) -> tuple[Text | None, Text | None, Text | None]:
    """Return the API, the endpoint and the region that a host under execute-api names."""
    label, found, zone = _partition(host, _SERVICE)
    api, dash, endpoint = _partition(label, "-")
    plain = found and not label.startswith("vpce-")
    return api if plain else None, endpoint if plain and dash else None, zone.split(".")[0] if found else None


def _fixed_header(integration: Integration, variables: Mapping[str, Any]) -> Text | None:
    for name, value in integration.parameters.items():
        if name.lower() == HEADER and value.startswith("'"):
            parts = _filled(value, variables).parts
            return Text.of(*(part.strip("'") if isinstance(part, str) else part for part in parts))
        if name.lower() == HEADER and value.startswith("stageVariables."):
            return as_text(variables.get(str(value).partition(".")[2]))
        if name.lower() == HEADER and value.symbol is not None:
            return value
    return None


def _mapped(path: Text, integration: Integration, values: Mapping[str, str]) -> Text:
    """Put the values of mapped path parameters in; a parameter that is not mapped stays in braces."""
    for name, value in integration.parameters.items():
        if name.startswith(_PATH):
            source = str(value).removeprefix("method.request.path.")
            if source in values:
                path = path.replace("{" + name.removeprefix(_PATH) + "}", values[source])
    return path


def _filled(text: Text, variables: Mapping[str, Any]) -> Text:
    """Put the values of stage variables in."""
    parts: list[Any] = []
    for part in text.parts:
        for piece in _STAGE_VARIABLE.split(part) if isinstance(part, str) else (part,):
            if isinstance(piece, str) and _STAGE_VARIABLE.fullmatch(piece):
                known = as_text(variables.get(piece[len("${stageVariables.") : -1]))
                parts.append(piece if known is None else known)
            else:
                parts.append(piece)
    return Text.of(*parts)


def _partition(text: Text, separator: str) -> tuple[Text, str, Text]:
    pieces = text.split(separator, 1)
    return (pieces[0], separator, pieces[1]) if len(pieces) > 1 else (text, "", Text.of())


def _port(port: Text, scheme: str | None) -> int | None:
    if port.literal and port.literal.isdecimal():
        return int(port.literal)
    if port.parts:
        return None
    return {"https": 443, "http": 80}.get(scheme or "")
