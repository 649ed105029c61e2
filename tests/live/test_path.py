"""The path of a topology in AWS accounts: deployed, called, planned again, and destroyed by the fixtures."""

import os
import re
from collections.abc import Callable, Sequence

import pytest

from hatchway.topology import stacks
from hatchway.topology.model import Topology
from hatchway.verify.http import HttpCaller
from hatchway.verify.state import states_of
from tests.live.conftest import Run
from tests.live.stages import Environ, holds_something

# Terraform has time limits of its own, and must not be cut off by one of ours.
pytestmark = [pytest.mark.live, pytest.mark.timeout(0)]

Stage = Callable[[str], None]


def test_deploy_leaves_every_stack_with_something_in_it(deployed: Sequence[Topology]) -> None:
    empty = [
        stack
        for view in deployed
        for stack in stacks(view)
        if not holds_something(states_of(view, HttpCaller()).read(stack))
    ]
    assert empty == []


def test_verify_proves_every_hop_and_every_refusal(stage: Stage, run: Run, callers: Environ) -> None:
    stage("verify")
    run(callers).passes("verify", "--wait", "10m")


def test_a_second_plan_is_empty_for_every_stack(stage: Stage, run: Run, deployed: Sequence[Topology]) -> None:
    stage("plan")
    said = run(Environ(os.environ)).passes("plan")
    unchanged = set(re.findall(r"(\S+): no changes", said))
    assert {stack for view in deployed for stack in stacks(view)} - unchanged == set(), said
