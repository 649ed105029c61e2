"""Text in which some parts are not known yet: literals and the Terraform references between them."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property


class SymbolKind(Enum):
    """What is known about a value before it exists."""

    ID = "id"
    """An id that AWS will assign to one managed resource: two different ones are never the same value."""
    ARN = "arn"
    """The ARN of one managed resource: distinct like an id, with colons and slashes in it."""
    OPAQUE = "opaque"
    """Anything: a variable, a data source, a function call. Only equal to itself for certain."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """A value that is not known yet, by the name of the reference it comes from."""

    name: str
    kind: SymbolKind = field(default=SymbolKind.OPAQUE, compare=False)
    fresh: bool = field(default=False, compare=False)
    """The resource is about to be created: no literal written today can be its id."""

    @property
    def is_unique(self) -> bool:
        """Whether another unique symbol is for certain another value."""
        return self.kind is not SymbolKind.OPAQUE

    def __str__(self) -> str:
        return "${" + self.name + "}"


@dataclass(frozen=True)
class Text:
    """A string whose parts are literals and symbols, neighbouring literals joined."""

    parts: tuple[str | Symbol, ...]

    @staticmethod
    def of(*parts: "str | Symbol | Text") -> "Text":
        """Concatenate, so that equal texts are equal objects."""
        joined: list[str | Symbol] = []
        for part in parts:
            for piece in part.parts if isinstance(part, Text) else (part,):
                if isinstance(piece, str) and joined and isinstance(joined[-1], str):
                    joined[-1] += piece
                elif piece != "":
                    joined.append(piece)
        return Text(tuple(joined))

    @cached_property
    def literal(self) -> str | None:
        """The string, when no part of it is unknown."""
        if not self.parts:
            return ""
        only = self.parts[0]
        return only if len(self.parts) == 1 and isinstance(only, str) else None

    @property
    def symbol(self) -> Symbol | None:
        """The symbol, when the text is nothing else."""
        only = self.parts[0] if len(self.parts) == 1 else None
        return only if isinstance(only, Symbol) else None

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        """The unknown parts, in order."""
        return tuple(part for part in self.parts if isinstance(part, Symbol))

    def split(self, separator: str, limit: int = -1) -> tuple["Text", ...]:
        """Split at a separator in the literal parts; a symbol is never cut."""
        pieces: list[list[str | Symbol]] = [[]]
        for part in self.parts:
            if isinstance(part, Symbol):
                pieces[-1].append(part)
                continue
            cuts = part.split(separator, limit - len(pieces) + 1 if limit >= 0 else -1)
            pieces[-1].append(cuts[0])
            pieces.extend([cut] for cut in cuts[1:])
        return tuple(Text.of(*piece) for piece in pieces)

    def replace(self, old: str, new: str) -> "Text":
        """Replace in the literal parts."""
        return Text.of(*(part.replace(old, new) if isinstance(part, str) else part for part in self.parts))

    def casefold(self) -> "Text":
        """Lower the literal parts; symbols stay what they are."""
        return Text.of(*(part.lower() if isinstance(part, str) else part for part in self.parts))

    def startswith(self, prefix: str) -> bool:
        """Whether the text is known to begin so."""
        return bool(self.parts) and isinstance(self.parts[0], str) and self.parts[0].startswith(prefix)

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


def texts(values: Iterable[str | Symbol | Text]) -> tuple[Text, ...]:
    """Make texts of several values."""
    return tuple(Text.of(value) for value in values)
