"""Configuration that is broken or meant to do harm: a sentence or no verdict, in bounded memory and time."""

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

MEMORY = 1024**3
SECONDS = 20


def reviewed(path: Path) -> "subprocess.CompletedProcess[str]":
    """Review in a process of its own that may take so much memory and time and no more."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))

    return subprocess.run(
        [sys.executable, "-m", "hatchway", "review", str(path)],
        capture_output=True,
        text=True,
        timeout=5 * SECONDS,  # of a machine that is busy
        check=False,
        preexec_fn=limited,
    )


def sentence(ran: "subprocess.CompletedProcess[str]") -> str:
    assert ran.returncode == 2, ran.stdout[-500:] + ran.stderr[-500:]
    assert ran.stdout == ""
    (line,) = ran.stderr.splitlines()
    return line


NOT_HCL = {
    "truncated": b'resource "aws_vpc" "v" {\n  cidr_block = "10.0',
    "a block that does not end": b'resource "aws_vpc" "v" {\n',
    "binary": bytes(range(256)) * 64,
    "null bytes": b"\0" * 4096,
    "another encoding": 'locals {\n  a = "é"\n}\n'.encode("utf-16"),
    "nested blocks": b"a {\n" * 20_000,
    "one long name": b"a" * 1_000_000,
    "larger than what is read": b"# comment\n" * 400_000,
}


@pytest.mark.parametrize("name", NOT_HCL)
def test_a_file_that_is_no_hcl_gets_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.tf").write_bytes(NOT_HCL[name])
    assert "main.tf" in sentence(reviewed(tmp_path))


NESTED = {
    "lists": b"locals {\n  a = " + b"[" * 20_000 + b"]" * 20_000 + b"\n}\n",
    "calls": b"locals {\n  a = " + b"f(" * 20_000 + b")" * 20_000 + b"\n}\n",
}


@pytest.mark.parametrize("name", NESTED)
def test_an_expression_nested_without_end_is_left_open(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.tf").write_bytes(NESTED[name])
    assert reviewed(tmp_path).returncode in {2, 3}


def module(folder: Path, source: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(f'module "again" {{\n  source = "{source}"\n}}\n')


@pytest.mark.parametrize("source", [".", "./inner", "../" * 40])
def test_a_module_that_calls_itself_ends(tmp_path: Path, source: str) -> None:
    module(tmp_path, source)
    module(tmp_path / "inner", "..")
    assert reviewed(tmp_path).returncode in {2, 3}


def test_modules_that_multiply_end(tmp_path: Path) -> None:
    for level in range(30):
        folder = tmp_path / f"level{level}"
        folder.mkdir()
        calls = (f'module "{name}" {{\n  source = "../level{level + 1}"\n}}\n' for name in ("a", "b", "c"))
        (folder / "main.tf").write_text("".join(calls))
    assert reviewed(tmp_path / "level0").returncode in {2, 3}


def test_links_that_lead_back_end(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "main.tf").symlink_to(tmp_path / "main.tf")
    assert reviewed(tmp_path).returncode == 2


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "main.tf")
    assert reviewed(tmp_path).returncode == 2


BOMBS = {
    "instances of instances": (
        "locals {\n  a = range(1000)\n"
        "  b = flatten([for x in local.a : [for y in local.a : [for z in local.a : z]]])\n}\n"
        'resource "aws_subnet" "s" {\n  for_each   = toset(local.b)\n  cidr_block = each.value\n}\n'
    ),
    "a count of millions": 'resource "aws_subnet" "s" {\n  count = 4000000000\n}\n',
    "text that doubles": "locals {\n"
    + "".join(f'  a{at + 1} = "${{local.a{at}}}${{local.a{at}}}"\n' for at in range(60))
    + '  a0 = "lol"\n}\nresource "aws_vpc" "v" {\n  cidr_block = local.a60\n}\n',
    "lists that double": "locals {\n"
    + "".join(f"  a{at + 1} = concat(local.a{at}, local.a{at})\n" for at in range(60))
    + '  a0 = ["lol"]\n}\nresource "aws_lb" "v" {\n  subnets = local.a60\n}\n',
    "a pattern that never ends": (
        'resource "aws_vpc" "v" {\n  cidr_block = replace("' + "a" * 40 + '!", "/(a+)+$/", "")\n}\n'
    ),
    "a format of a large width": 'resource "aws_vpc" "v" {\n  cidr_block = format("%999999999d", 1)\n}\n',
    "a circle of locals": (
        "locals {\n  a = local.b\n  b = local.a\n}\n"
        'resource "aws_vpc" "v" {\n  cidr_block = "${local.a}${local.b}"\n}\n'
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_configuration_that_grows_without_end_is_no_pass(tmp_path: Path, name: str) -> None:
    (tmp_path / "main.tf").write_text(BOMBS[name])
    ran = reviewed(tmp_path)
    assert ran.returncode in {2, 3}, ran.stdout[-500:] + ran.stderr[-500:]
    assert "should not happen" not in ran.stderr


def laughs() -> str:
    lines = ['a0: &a0 "lol"']
    lines += [f"a{at + 1}: &a{at + 1} [{', '.join([f'*a{at}'] * 9)}]" for at in range(30)]
    return "\n".join([*lines, "openapi: 3.0.1", "paths: *a30", ""])


BODIES = {
    "a billion laughs": laughs(),
    "not closed": "openapi: [3.0.1",
    "nested deeply": "[" * 50_000,
    "a tag of Python": "!!python/object/apply:os.system ['exit 9']",
    "a merge of itself": "a: &a\n  <<: *a\nopenapi: 3.0.1\n",
}


@pytest.mark.parametrize("name", BODIES)
def test_an_api_document_that_is_hostile_is_no_pass(tmp_path: Path, name: str) -> None:
    api = {
        "private": {
            "name": "p",
            "body": BODIES[name],
            "endpoint_configuration": {"types": ["PRIVATE"]},
        }
    }
    (tmp_path / "main.tf.json").write_text(json.dumps({"resource": {"aws_api_gateway_rest_api": api}}))
    ran = reviewed(tmp_path)
    assert ran.returncode in {2, 3}, ran.stdout[-500:] + ran.stderr[-500:]
    assert "should not happen" not in ran.stderr
