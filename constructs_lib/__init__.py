"""Emits Terraform: AWS resources as constructs, one per file, and the stacks made of them.

The only package that imports cdktf. Call `constructs_lib.bindings.load_on_demand` before importing
any other module of this package, or pay for all of the AWS provider's 2,200 binding modules.
"""
