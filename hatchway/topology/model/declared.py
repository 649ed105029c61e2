"""The base of all sections."""

from typing import ClassVar, Self

from pydantic import BaseModel, ConfigDict, model_validator


class Declared(BaseModel):
    """Base of all sections: immutable, and a key that is not known is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, validate_default=True)

    choices: ClassVar[tuple[str, ...]] = ()
    """Keys, as the file writes them, of which exactly one is given."""

    @model_validator(mode="after")
    def _has_one_choice(self) -> Self:
        given = [key for key in self.choices if self._given(key) is not None]
        if self.choices and len(given) != 1:
            raise ValueError(self.choice_message())
        return self

    @classmethod
    def choice_message(cls) -> str:
        """What is said where not exactly one of the choices is given."""
        *first, last = (f"'{key}'" for key in cls.choices)
        return f"needs exactly one of {', '.join(first)} and {last}"

    def _given(self, key: str) -> object:
        names = {field.alias or name: name for name, field in type(self).model_fields.items()}
        return getattr(self, names[key])
