"""Rules that hold for each stack, checked when it is synthesized."""

from collections import Counter
from typing import TYPE_CHECKING

import jsii
from cdktf import TerraformDataSource, TerraformResource
from constructs import IValidation

if TYPE_CHECKING:
    from cdktf import TerraformStack

AWS_PREFIX = "aws_"


@jsii.implements(IValidation)
class ProviderGuard:
    """Refuses AWS resources without a provider of their own, and two elements at one address.

    Without `provider`, Terraform uses an unaliased provider with whatever credentials and region are
    around, and so can build in the wrong account. https://developer.hashicorp.com/terraform/language/meta-arguments/resource-provider
    Two elements at one address are merged by cdktf without a word.
    """

    def __init__(self, stack: "TerraformStack") -> None:
        self._stack = stack

    def validate(self) -> list[str]:
        """Names each element that breaks a rule; called by cdktf."""
        elements = [
            element
            for element in self._stack.node.find_all()
            if isinstance(element, TerraformResource | TerraformDataSource)
        ]
        return [*_without_provider(elements), *_at_one_address(elements)]


def _without_provider(elements: "list[TerraformResource | TerraformDataSource]") -> list[str]:
    return [
        f"{_address(element)} has no provider, so Terraform would build it with ambient credentials. "
        "Pass the provider of its account: provider=stack.provider(account)."
        for element in elements
        if element.terraform_resource_type.startswith(AWS_PREFIX) and element.provider is None
    ]


def _at_one_address(elements: "list[TerraformResource | TerraformDataSource]") -> list[str]:
    counts = Counter(_address(element) for element in elements)
    return [
        f"{address} is defined {count} times. Give the constructs different ids."
        for address, count in counts.items()
        if count > 1
    ]


def _address(element: "TerraformResource | TerraformDataSource") -> str:
    address = f"{element.terraform_resource_type}.{element.friendly_unique_id}"
    return f"data.{address}" if isinstance(element, TerraformDataSource) else address
