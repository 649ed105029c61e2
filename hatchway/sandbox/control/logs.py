"""Log groups: what is left of one that is deleted."""

from typing import Any

from moto.logs import models

from hatchway.sandbox.control.patching import around

__all__ = ["install"]


def install() -> None:
    """Corrects moto's log groups."""
    around(models.LogsBackend, "delete_log_group", _tags_go_with_the_group)


def _tags_go_with_the_group(original: Any, backend: Any, log_group_name: str) -> None:
    """Forgets the tags of a deleted group; moto gives them to the next one of the same name.

    https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html
    Goes when moto forgets them.
    """
    group = backend.groups.get(log_group_name)
    original(backend, log_group_name)
    if group is not None:
        backend.tagger.delete_all_tags_for_resource(group.arn)
