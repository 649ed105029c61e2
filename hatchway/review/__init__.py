"""Judges the path before it is deployed, from Terraform's own files, with no credentials."""

from hatchway.review.reviewing import review
from hatchway.review.unknowns import judged_with

__all__ = ["judged_with", "review"]
