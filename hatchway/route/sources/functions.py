"""The functions of Terraform that pass values on; any other call is a value of its own.

https://developer.hashicorp.com/terraform/language/functions
"""

from collections.abc import Sequence
from typing import Any

from hatchway.route.sources.collection_functions import COLLECTION_FUNCTIONS
from hatchway.route.sources.encoding import NOT_KNOWN
from hatchway.route.sources.text_functions import TEXT_FUNCTIONS

_OF_A_PLACE = frozenset({"file", "templatefile", "fileexists"})
_FUNCTIONS = {**COLLECTION_FUNCTIONS, **TEXT_FUNCTIONS}


def needs_place(name: str) -> bool:
    """Whether what a function returns depends on where it is called."""
    return name in _OF_A_PLACE


def call(name: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401 -- any value of the language
    """Call a function; `NOT_KNOWN` when its result cannot be told."""
    function = _FUNCTIONS.get(name)
    try:
        return NOT_KNOWN if function is None else function(*arguments)
    except (TypeError, ValueError, IndexError, KeyError, AttributeError):
        return NOT_KNOWN
