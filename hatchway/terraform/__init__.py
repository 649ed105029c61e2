"""The one place that knows Terraform: the binary, where its provider comes from, and running it.

Standard library only, so that set-up can use it before any dependency is there.
"""
