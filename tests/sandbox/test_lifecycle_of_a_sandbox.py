"""Starting, finding and ending the sandbox's process, through the command line as a user would."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from hatchway.errors import ToolError, UsageError
from hatchway.sandbox import Sandbox, lifecycle

PROJECT = Path(__file__).resolve().parents[2]


def hatchway(*arguments, **settings):
    command = [sys.executable, "-m", "hatchway", "sandbox", *map(str, arguments)]
    return subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, timeout=120, check=False, **settings
    )


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc").is_dir()


def until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_up_status_exec_and_down(tmp_path):
    folder = tmp_path / "sandbox"
    assert hatchway("status", "--directory", folder).returncode == 3
    up = hatchway("up", "--directory", folder)
    assert up.returncode == 0, up.stderr
    server = lifecycle.find(folder)
    status = hatchway("status", "--directory", folder)
    assert (status.returncode, f"process {server.pid}" in status.stderr) == (0, True)

    again = hatchway("up", "--directory", folder)
    assert (again.returncode, "running already" in again.stderr) == (0, True)
    assert lifecycle.find(folder) == server

    shown = hatchway("exec", "--directory", folder, "--", "sh", "-c", "echo $HTTPS_PROXY; exit 7")
    assert (shown.returncode, shown.stdout.strip()) == (7, f"http://127.0.0.1:{server.port}")

    assert f"Next: hatchway sandbox exec --directory {folder} -- hatchway deploy" in up.stderr
    ours = hatchway("exec", "--directory", folder, "--", "hatchway", "--version")
    assert (ours.returncode, ours.stdout.startswith("hatchway ")) == (0, True), ours.stderr

    down = hatchway("down", "--directory", folder)
    assert (down.returncode, down.stderr.strip()) == (0, "The sandbox is down.")
    assert not folder.exists()
    assert not is_alive(server.pid)
    assert hatchway("down", "--directory", folder).returncode == 0


def test_exec_without_a_sandbox_says_how_to_start_one(tmp_path):
    ran = hatchway("exec", "--directory", tmp_path / "none", "--", "true")
    assert (ran.returncode, "`hatchway sandbox up` starts one" in ran.stderr) == (2, True)
    assert "Traceback" not in ran.stderr


def test_exec_of_a_command_that_does_not_exist(empty_sandbox):
    ran = hatchway("exec", "--directory", empty_sandbox.directory, "--", "no-such-command")
    assert (ran.returncode, "cannot run 'no-such-command'" in ran.stderr) == (127, True)


def test_exec_hands_a_request_to_end_on_and_returns_the_commands_code(empty_sandbox):
    script = "trap 'exit 9' TERM; echo ready; while :; do sleep 0.05; done"
    command = [
        sys.executable,
        "-m",
        "hatchway",
        "sandbox",
        "exec",
        "--directory",
        str(empty_sandbox.directory),
    ]
    with subprocess.Popen(
        [*command, "--", "sh", "-c", script], cwd=PROJECT, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 9


def test_the_folder_is_private_and_holds_no_key(empty_sandbox):
    assert stat.S_IMODE(empty_sandbox.directory.stat().st_mode) == 0o700
    for path in empty_sandbox.directory.rglob("*"):
        if path.is_file():
            assert b"PRIVATE KEY" not in path.read_bytes()


def test_the_environment_leads_nowhere_else(empty_sandbox):
    base = {
        "PATH": "/bin",
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "real",
        "AWS_ENDPOINT_URL": "https://elsewhere.example",
        "NO_PROXY": "amazonaws.com",
        "no_proxy": "*",
        "https_proxy": "http://elsewhere.example",
        "TF_CLI_CONFIG_FILE": "/no/such/file",
    }
    environment = empty_sandbox.environment({**os.environ, **base})
    assert environment["PATH"] == "/bin"
    assert environment["HTTPS_PROXY"] == environment["https_proxy"] == empty_sandbox.proxy_url
    gone = {"AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL", "NO_PROXY", "no_proxy"}
    assert not gone & set(environment)
    assert "elsewhere" not in "".join(environment.values())
    assert Path(environment["TF_CLI_CONFIG_FILE"]).is_file()


def test_two_sandboxes_run_side_by_side_and_share_nothing(tmp_path):
    one = Sandbox.start(tmp_path / "one", follow_parent=True)
    try:
        two = Sandbox.start(tmp_path / "two", follow_parent=True)
        try:
            one.session(region="eu-west-1").client("s3").create_bucket(
                Bucket="mine", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
            )
            assert two.session(region="eu-west-1").client("s3").list_buckets()["Buckets"] == []
            assert one.ca_file.read_bytes() != two.ca_file.read_bytes()
        finally:
            two.stop()
        assert lifecycle.find(one.directory) is not None
    finally:
        one.stop()


def test_up_recovers_after_the_process_was_killed(tmp_path):
    folder = tmp_path / "sandbox"
    killed = Sandbox.start(folder, follow_parent=True)
    os.kill(killed.server.pid, signal.SIGKILL)
    os.waitpid(killed.server.pid, 0)
    assert lifecycle.find(folder) is None
    told = []
    fresh = Sandbox.start(folder, follow_parent=True, progress=told.append)
    try:
        assert any("killed" in line for line in told)
        assert lifecycle.find(folder) == fresh.server
    finally:
        fresh.stop()


def test_a_process_id_that_has_passed_to_another_process_is_left_alone(tmp_path):
    folder = tmp_path / "sandbox"
    sandbox = Sandbox.start(folder, follow_parent=True)
    os.kill(sandbox.server.pid, signal.SIGKILL)
    os.waitpid(sandbox.server.pid, 0)
    with subprocess.Popen(["sleep", "60"]) as bystander:
        try:
            (folder / lifecycle.LOCK).write_text(str(bystander.pid))
            lifecycle.stop(folder)
            assert bystander.poll() is None
        finally:
            bystander.kill()


def test_a_folder_with_other_things_in_it_is_neither_used_nor_removed(tmp_path):
    (tmp_path / "precious").write_text("x")
    with pytest.raises(UsageError, match="is not empty and not a sandbox's"):
        Sandbox.start(tmp_path)
    lifecycle.stop(tmp_path)
    assert (tmp_path / "precious").exists()


def test_a_port_in_use_is_one_sentence_and_exit_code_4(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = hatchway("up", "--directory", tmp_path / "sandbox", "--port", port)
        assert ran.returncode == 4
        assert f"cannot listen on 127.0.0.1:{port}" in ran.stderr
        assert "Traceback" not in ran.stderr
        with pytest.raises(ToolError):
            Sandbox.start(tmp_path / "again", port=port)
    assert not (tmp_path / "sandbox").exists()


def test_the_process_ends_when_its_folder_is_removed(tmp_path):
    sandbox = Sandbox.start(tmp_path / "sandbox", follow_parent=True)
    (sandbox.directory / lifecycle.LOCK).unlink()
    assert until(lambda: not is_alive(sandbox.server.pid))
    os.waitpid(sandbox.server.pid, 0)


def test_the_process_ends_with_its_parent_when_asked_to(tmp_path):
    script = (
        "import sys, os; from pathlib import Path; from hatchway.sandbox import Sandbox\n"
        f"sandbox = Sandbox.start(Path({str(tmp_path / 'sandbox')!r}), follow_parent=True)\n"
        "print(sandbox.server.pid, flush=True)\n"
        "os._exit(1)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert until(lambda: not is_alive(int(ran.stdout)))


def test_two_ups_at_once_make_one_sandbox(tmp_path):
    outcomes = []

    def up():
        try:
            outcomes.append(Sandbox.start(tmp_path / "sandbox", follow_parent=True))
        except (UsageError, ToolError) as error:
            outcomes.append(error)

    threads = [threading.Thread(target=up) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (running,) = (item for item in outcomes if isinstance(item, Sandbox))
    try:
        assert lifecycle.find(running.directory) == running.server
    finally:
        running.stop()
