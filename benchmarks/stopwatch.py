"""Stands in for a program, runs it, and notes when it began and when it ended.

    python stopwatch.py NOTES PROGRAM ARGUMENT...

The standard library alone, and little of it: what this takes counts against the side that is measured.
"""

import json
import os
import signal
import sys
import time


def main() -> int:
    """Runs the program as if it had been called itself; returns its exit code."""
    notes, *command = sys.argv[1:]
    began = time.monotonic()
    process = os.posix_spawn(command[0], command, os.environ)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda received, _frame: os.kill(process, received))
    _, status = os.waitpid(process, 0)
    line = json.dumps({"command": command[1:], "began": began, "ended": time.monotonic()})
    # One short line in one write: commands that run at the same time do not tear each other's.
    descriptor = os.open(notes, os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
    os.write(descriptor, f"{line}\n".encode())
    os.close(descriptor)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code


if __name__ == "__main__":
    sys.exit(main())
