"""YAML whose strings may hold parts that are not known yet."""

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from hatchway.route.sources.encoding import NOT_KNOWN, is_small, marked, restored
from hatchway.route.symbols import Text


def decoded_yaml(text: Text) -> Any:  # noqa: ANN401 -- any value of YAML
    """Decode YAML, of which JSON is a part; `NOT_KNOWN` when it is none."""
    plain, marks = marked(text)
    try:
        found = YAML(typ="safe", pure=True).load(plain)
    except (YAMLError, ValueError, TypeError, AttributeError, RecursionError):
        return NOT_KNOWN
    # References within YAML may make a few lines stand for more than fits into memory.
    return restored(found, marks) if is_small(found) else NOT_KNOWN
