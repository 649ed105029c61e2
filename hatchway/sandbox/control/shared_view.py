"""Something that two accounts see, each with tags of its own.

Tags belong to the account that set them: https://docs.aws.amazon.com/tag-editor/latest/userguide/tagging.html
"""

from typing import Any

__all__ = ["SeenByOther"]


class SeenByOther:
    """One of moto's resources as the account sees it that did not make it: the same, with its own tags."""

    def __init__(self, resource: Any, viewer: Any) -> None:
        """Wraps a resource for the EC2 backend of the account that looks at it."""
        self.__dict__.update(_resource=resource, _viewer=viewer)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._resource, name)

    def __setattr__(self, name: str, value: Any) -> None:
        setattr(self._resource, name, value)

    @property
    def tag_list(self) -> Any:
        """The viewer's tags."""
        return self.get_tags()

    tags = tag_set = tag_list

    def get_tags(self) -> Any:
        """Reads the viewer's tags."""
        return self._viewer.describe_tags(filters={"resource-id": [self._resource.id]})
