"""Terraform's functions on text and numbers.

https://developer.hashicorp.com/terraform/language/functions
"""

import math
import re
from collections.abc import Callable, Mapping
from ipaddress import IPv4Network, ip_network
from types import MappingProxyType
from typing import Any

from hatchway.route.sources.encoding import NOT_KNOWN, Encoded, decoded
from hatchway.route.sources.operators import as_text
from hatchway.route.symbols import Symbol, Text

_VERB = re.compile(r"%(%|[sdvq])")


def _text(value: Any) -> Text:  # noqa: ANN401 -- any value of the language
    found = as_text(value)
    if found is None:
        raise TypeError
    return found


def _known(value: Any) -> str:  # noqa: ANN401 -- any value of the language
    literal = _text(value).literal
    if literal is None:
        raise ValueError
    return literal


def _on_known(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let a function of Python's strings work on text that is known."""

    def called(*arguments: Any) -> Any:  # noqa: ANN401 -- any value of the language
        found = function(*map(_known, arguments))
        return Text.of(found) if isinstance(found, str) else found

    return called


def _join(separator: Text, *lists: Any) -> Text:  # noqa: ANN401 -- any value of the language
    parts: list[Text | str | Symbol] = []
    for items in lists:
        if not isinstance(items, list):
            raise TypeError
        for one in items:
            parts += [separator, _text(one)]
    return Text.of(*parts[1:])


def _split(separator: Text, text: Text) -> list[Text]:
    return list(_text(text).split(_known(separator)))


def _format(pattern: Text, *values: Any) -> Text:  # noqa: ANN401 -- any value of the language
    if pattern.literal is None:
        raise TypeError
    given = list(values)
    parts: list[Text | str | Symbol] = []
    at = 0
    for match in _VERB.finditer(pattern.literal):
        parts.append(pattern.literal[at : match.start()])
        parts.append("%" if match[1] == "%" else _text(given.pop(0)))
        at = match.end()
    rest = pattern.literal[at:]
    if given or "%" in rest:
        raise ValueError
    return Text.of(*parts, rest)


def _format_list(pattern: Text, *values: Any) -> list[Text]:  # noqa: ANN401 -- any value of the language
    count = max((len(one) for one in values if isinstance(one, list)), default=1)
    return [
        _format(pattern, *(one[at] if isinstance(one, list) else one for one in values))
        for at in range(count)
    ]


def _replace(text: Text, old: Text, new: Text) -> Text:
    if old.literal is None or new.literal is None or old.literal.startswith("/"):
        raise ValueError
    return text.replace(old.literal, new.literal)


def _trim_prefix(text: Text, prefix: Text) -> Text:
    if not text.startswith(_known(prefix)):
        return text if text.literal is not None else _unknown()
    first = text.parts[0]
    return Text.of(str(first).removeprefix(_known(prefix)), *text.parts[1:])


def _trim_suffix(text: Text, suffix: Text) -> Text:
    last = text.parts[-1] if text.parts else ""
    if isinstance(last, Symbol):
        return _unknown()
    return Text.of(*text.parts[:-1], last.removesuffix(_known(suffix)))


def _unknown() -> Text:
    raise ValueError


def _number(value: Any) -> float:  # noqa: ANN401 -- any value of the language
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    literal = _known(value)
    return int(literal) if literal.lstrip("-").isdecimal() else float(literal)


def _to_bool(value: Any) -> bool:  # noqa: ANN401 -- any value of the language
    return value if isinstance(value, bool) else {"true": True, "false": False}[_known(value)]


def _subnet(prefix: Text, bits: Any, number: Any) -> Text:  # noqa: ANN401 -- any value of the language
    network = ip_network(_known(prefix))
    length = network.prefixlen + int(_number(bits))
    at = int(network.network_address) + (int(_number(number)) << (network.max_prefixlen - length))
    return Text.of(str(type(network)((at, length))))


def _subnets(prefix: Text, *bits: Any) -> list[Text]:  # noqa: ANN401 -- any value of the language
    network = IPv4Network(_known(prefix))
    found, at = [], int(network.network_address)
    for one in bits:
        size = 1 << (32 - network.prefixlen - int(_number(one)))
        at = -(-at // size) * size
        found.append(Text.of(str(IPv4Network((at, network.prefixlen + int(_number(one)))))))
        at += size
    return found


def _host(prefix: Text, number: Any) -> Text:  # noqa: ANN401 -- any value of the language
    network = ip_network(_known(prefix), strict=False)
    return Text.of(str(network[int(_number(number))]))


def _decode(value: Any) -> Any:  # noqa: ANN401 -- any value of the language
    return decoded(value)


def _decode_yaml(value: Any) -> Any:  # noqa: ANN401 -- any value of the language
    # Only those who decode YAML wait for the parser.
    from hatchway.route.sources.yaml_text import decoded_yaml  # noqa: PLC0415 -- see above

    return decoded_yaml(_text(value))


def _indented(spaces: Any, text: Any) -> Text:  # noqa: ANN401 -- any value of the language
    return _text(text).replace("\n", "\n" + " " * int(_number(spaces)))


TEXT_FUNCTIONS: Mapping[str, Callable[..., Any]] = MappingProxyType(
    {
        "jsonencode": Encoded,
        "jsondecode": _decode,
        "yamlencode": Encoded,
        "yamldecode": _decode_yaml,
        "tostring": lambda value: value if value is None else _text(value),
        "tonumber": lambda value: value if value is None else _number(value),
        "tobool": lambda value: value if value is None else _to_bool(value),
        "join": _join,
        "split": _split,
        "format": _format,
        "formatlist": _format_list,
        "replace": _replace,
        "trimprefix": _trim_prefix,
        "trimsuffix": _trim_suffix,
        "trimspace": _on_known(str.strip),
        "trim": _on_known(str.strip),
        "chomp": _on_known(lambda text: text.rstrip("\n")),
        "indent": _indented,
        "lower": lambda value: value.casefold(),
        "upper": _on_known(str.upper),
        "title": _on_known(str.title),
        "startswith": _on_known(str.startswith),
        "endswith": _on_known(str.endswith),
        "strcontains": _on_known(lambda text, part: part in text),
        "substr": lambda text, start, length: Text.of(
            _known(text)[int(start) :][: int(length) if int(length) >= 0 else None]
        ),
        "cidrsubnet": _subnet,
        "cidrsubnets": _subnets,
        "cidrhost": _host,
        "max": lambda *values: max(map(_number, values)),
        "min": lambda *values: min(map(_number, values)),
        "abs": lambda value: abs(_number(value)),
        "ceil": lambda value: math.ceil(_number(value)),
        "floor": lambda value: math.floor(_number(value)),
        "pow": lambda base, power: (
            int(_number(base) ** _number(power)) if _number(power) < _MOST else NOT_KNOWN
        ),
    }
)
_MOST = 64
