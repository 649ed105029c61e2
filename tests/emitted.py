"""What kinds of resources the constructs emit."""

import re
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "constructs_lib"
# What bootstrap itself makes, with an administrator's credentials.
BOOTSTRAP = {"bootstrap.py", "named_role.py", "state_bucket.py"}
IMPORT = re.compile(r"^from cdktf_cdktf_provider_aws\.(\w+) import", re.MULTILINE)


def emitted() -> set[str]:
    """Kinds of resources and data sources that the constructs import, as Terraform names them."""
    names = {
        name
        for path in SOURCES.rglob("*.py")
        if path.name not in BOOTSTRAP
        for name in IMPORT.findall(path.read_text("utf-8"))
    } - {"provider"}
    return {
        f"data.aws_{name.removeprefix('data_aws_')}" if name.startswith("data_") else f"aws_{name}"
        for name in names
    }
