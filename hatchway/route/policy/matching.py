"""Whether a pattern of a policy matches a value, when either may hold unknown parts.

Wildcards: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
"""

from hatchway.route.symbols import Symbol, SymbolKind, Text
from hatchway.route.truth import Truth, all_of, truth

_ARN_FIELDS = 6
_ID_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")

_STAR, _ONE = "*", "?"
_FIRST_LETTER, _LAST_LETTER = "\ue000", "\uf8ff"
# One unknown id stands for at least one character: its head, then any number in its tail.
_Token = str | tuple[str, Symbol]


def equals(left: Text, right: Text) -> Truth:
    """Whether two values are the same string."""
    if left == right:
        return Truth.YES
    if left.literal is not None and right.literal is not None:
        return Truth.NO
    one, other = left.symbol, right.symbol
    if one and other:
        return Truth.NO if one.is_unique and other.is_unique else Truth.MAYBE
    if (one and one.fresh and right.literal is not None) or (
        other and other.fresh and left.literal is not None
    ):
        return Truth.NO
    return _compatible(_tokens(left, wild=False), _tokens(right, wild=False))


def matches(pattern: Text, subject: Text) -> Truth:
    """Whether a pattern with `*` and `?` matches the whole subject."""
    if pattern.literal is not None and subject.literal is not None:
        return truth(_glob(pattern.literal, subject.literal))
    letters: dict[Symbol, str] = {}
    encoded, value = _encoded(pattern, letters), _encoded(subject, letters)
    if encoded is not None and value is not None and _glob(encoded, value):
        # A match with each symbol taken as one letter holds whatever value the symbols get.
        return Truth.YES
    if _fresh_against_literal(pattern, subject):
        return Truth.NO
    return _compatible(_tokens(pattern, wild=True), _tokens(subject, wild=False))


def matches_arn(pattern: Text, subject: Text) -> Truth:
    """Whether an ARN pattern matches, field by field: a wildcard does not reach over a colon."""
    fields, values = pattern.split(":", _ARN_FIELDS - 1), subject.split(":", _ARN_FIELDS - 1)
    if len(fields) != _ARN_FIELDS or len(values) != _ARN_FIELDS:
        # Not six fields in plain sight: a symbol may hold some of them.
        return matches(pattern, subject)
    return all_of(matches(field, value) for field, value in zip(fields, values, strict=True))


def _fresh_against_literal(pattern: Text, subject: Text) -> bool:
    symbol, literal = pattern.symbol or subject.symbol, pattern.literal or subject.literal
    return bool(symbol and symbol.fresh and literal and not set(literal) & {_STAR, _ONE})


def _glob(pattern: str, subject: str) -> bool:
    """Match with at most one step back per character: a regular expression can take exponential time."""
    # Most patterns of a long list are of something else, which shows before the first wildcard.
    head = min((found for sign in (_STAR, _ONE) if (found := pattern.find(sign)) >= 0), default=len(pattern))
    if not subject.startswith(pattern[:head]):
        return False
    at = start = head
    star, mark = -1, 0
    while start < len(subject):
        if at < len(pattern) and pattern[at] == _STAR:
            star, mark = at, start
            at += 1
        elif at < len(pattern) and _same(pattern[at], subject[start]):
            at += 1
            start += 1
        elif star >= 0:
            mark += 1
            at, start = star + 1, mark
        else:
            return False
    return not pattern[at:].strip(_STAR)


def _same(wanted: str, letter: str) -> bool:
    # `?` stands for one character, and a symbol's length is not known: it does not match one.
    return wanted == letter or (wanted == _ONE and not _FIRST_LETTER <= letter <= _LAST_LETTER)


def _encoded(text: Text, letters: dict[Symbol, str]) -> str | None:
    """Write each symbol as one private-use character; None when the text itself uses some."""
    pieces = []
    for part in text.parts:
        if isinstance(part, Symbol):
            pieces.append(letters.setdefault(part, chr(ord(_FIRST_LETTER) + len(letters))))
        elif any(_FIRST_LETTER <= letter <= _LAST_LETTER for letter in part):
            return None
        else:
            pieces.append(part)
    return "".join(pieces)


def _tokens(text: Text, *, wild: bool) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    for part in text.parts:
        if isinstance(part, Symbol):
            if part.kind is SymbolKind.ID:
                tokens += [("head", part), ("tail", part)]
            else:
                tokens.append(("any", part))
        else:
            tokens += [
                ("any", _WILD)
                if wild and letter == _STAR
                else ("one", _WILD)
                if wild and letter == _ONE
                else letter
                for letter in part
            ]
    return tuple(tokens)


_WILD = Symbol("*")


def _compatible(pattern: tuple[_Token, ...], subject: tuple[_Token, ...]) -> Truth:
    """MAYBE when some value of the unknown parts makes both the same string, else NO."""
    start = 0
    while start < min(len(pattern), len(subject)) and pattern[start] == subject[start]:
        if not isinstance(pattern[start], str):
            break
        start += 1
    left, right = pattern[start:], subject[start:]
    row = _row_of_rest(left, len(left), right, None)
    for index in range(len(left) - 1, -1, -1):
        row = _row_of_rest(left, index, right, row)
    return Truth.MAYBE if row[0] else Truth.NO


def _row_of_rest(
    left: tuple[_Token, ...], index: int, right: tuple[_Token, ...], below: list[bool] | None
) -> list[bool]:
    """For each rest of `right`: whether it can be the same string as `left[index:]`."""
    row = [False] * (len(right) + 1)
    for other in range(len(right), -1, -1):
        one = left[index] if index < len(left) else None
        two = right[other] if other < len(right) else None
        found = one is None and two is None
        if below is not None and _may_be_empty(one):
            found = found or below[other]
        if two is not None and _may_be_empty(two):
            found = found or row[other + 1]
        if not found and one is not None and two is not None and below is not None:
            found = _step(one, two, below, row, other)
        row[other] = found
    return row


def _step(one: _Token, two: _Token, below: list[bool], row: list[bool], other: int) -> bool:
    """Let both sides take one character, a side that repeats staying where it is."""
    if not _share_a_character(one, two):
        return False
    return (
        below[other + 1] or (_may_be_empty(one) and row[other + 1]) or (_may_be_empty(two) and below[other])
    )


def _may_be_empty(token: _Token | None) -> bool:
    return isinstance(token, tuple) and token[0] in {"any", "tail"}


def _share_a_character(one: _Token, two: _Token) -> bool:
    if isinstance(one, str):
        return one == two if isinstance(two, str) else _takes(two, one)
    if isinstance(two, str):
        return _takes(one, two)
    return {"any", "one"} & {one[0], two[0]} != set() or one[1] == two[1]


def _takes(unknown: tuple[str, Symbol], letter: str) -> bool:
    return unknown[0] in {"any", "one"} or letter in _ID_ALPHABET
