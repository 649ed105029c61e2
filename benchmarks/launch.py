"""Runs a program and reports what it took, as a process that is small itself.

    python -S -E launch.py DESCRIPTOR PROGRAM [ARGUMENT]...

The kernel's count of a process's memory begins at what its parent had at its peak. So a benchmark, which
reads whole estates to compare them, has this program in between. It imports nothing but what is built in.
"""

import os
import sys
import time


def main() -> None:
    """Writes wall time, processor time, memory in kibibytes and exit code to a file descriptor."""
    report, command = int(sys.argv[1]), sys.argv[2:]
    begun = time.perf_counter()
    process = os.posix_spawnp(command[0], command, os.environ)
    _, status, usage = os.wait4(process, 0)
    wall = time.perf_counter() - begun
    code = os.waitstatus_to_exitcode(status)
    os.write(report, f"{wall} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss} {code}".encode())


if __name__ == "__main__":
    main()
