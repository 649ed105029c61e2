"""Drift is what somebody changed by hand, found by real plans of the deployed stacks."""

import json
from pathlib import Path
from typing import Any

from tests.sandbox.levers import Levers, rules


def test_what_was_changed_by_hand_is_named_in_its_stack_alone(
    deployed_sandbox: Any, edge: Any, orders: Any, tmp_path: Path
) -> None:
    levers = Levers(deployed_sandbox, edge, orders)
    (group,) = levers.endpoint["Groups"]
    written = tmp_path / "report.json"
    with rules(levers.far, group["GroupId"], "ingress"):
        ran = deployed_sandbox.hatchway("verify", "--drift", "--calls-only", "--output", f"json={written}")
    assert ran.returncode == 1, ran.stderr
    found = [one for one in json.loads(written.read_text("utf-8"))["findings"] if one["id"] == "HW008"]
    assert [one["subject"] for one in found] == ["stack service-orders"]
    for subnet in ("a", "b"):
        rule = f"aws_vpc_security_group_ingress_rule.execute_api_from_{subnet} is gone or not there yet"
        assert f"{rule} (changed outside of Terraform)" in found[0]["message"]
