"""Hatchway proves, deploys and verifies the one controlled opening from a public API to private ones."""

__all__ = ["__version__"]

__version__ = "0.1.0"
