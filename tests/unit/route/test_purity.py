"""Judging needs no network, no subprocess and none of the heavy packages."""

import subprocess
import sys

FORBIDDEN = {
    "boto3",
    "botocore",
    "urllib3",
    "subprocess",
    "socket",
    "cdktf",
    "constructs_lib",
    "pydantic",
    "moto",
}
SHOW = """
import sys
sys.path.insert(0, ".")
import hatchway.review
print(" ".join({name.split(".")[0] for name in sys.modules}))
"""


def test_review_imports_nothing_that_reaches_out() -> None:
    command = [sys.executable, "-I", "-c", SHOW]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not FORBIDDEN & set(done.stdout.split())
