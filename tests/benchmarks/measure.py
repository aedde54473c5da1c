"""What a command costs: seconds and peak memory of a process of its own.

A child's peak memory begins at that of the process that started it, so the command is started by a
small one: this file, run as a program, starts its arguments and prints what they cost.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def measure(*command: object, **environment: str) -> dict[str, float]:
    """Run a command and return what it cost.

    Parameters
    ----------
    *command : object
        A last line of output that is a JSON object is added to what is returned.
    **environment : str
        Variables beside those of this process.

    Returns
    -------
    dict
        ``cpu``: seconds of all its threads; ``elapsed``: seconds by the clock; ``peak``: MB.
    """
    words = [str(word) for word in command]
    launcher = [sys.executable, "-I", "-S", __file__, *words]
    done = subprocess.run(
        launcher, env=os.environ | environment, capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(words)}\n{done.stdout}\n{done.stderr}")
    *said, cost = done.stdout.splitlines()
    own = json.loads(said[-1]) if said and said[-1].startswith("{") else {}
    return json.loads(cost) | own


def _launch(command: list[str]) -> int:
    started = time.perf_counter()
    pid = os.posix_spawn(command[0], command, os.environ)
    _, status, used = os.wait4(pid, 0)
    scale = 2**20 if sys.platform == "darwin" else 2**10  # bytes there, KB elsewhere
    cost = {"cpu": used.ru_utime + used.ru_stime, "elapsed": time.perf_counter() - started}
    print(json.dumps(cost | {"peak": used.ru_maxrss / scale}))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(_launch(sys.argv[1:]))
