"""Cold start: seconds from `sanyi serve` to the first page, and to the first page of somebody who signs in.

    .venv/bin/python benchmarks/cold_start.py [HOME]

HOME is a folder made by `sanyi demo --no-serve`; without it an empty, migrated one is made. The limit is 5 seconds to
the first page, with compiled modules on the disk (the first round makes them and is printed, but not judged).
"""

import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

LIMIT_SECONDS, ROUNDS = 5.0, 4
COMMAND = [sys.executable, "-m", "sanyi.web.command_line"]


def once(environment: dict[str, str]) -> tuple[float, float]:
    """One start: seconds until the sign-in page has been read; processor seconds of its processes till the end."""
    spent = _spent()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    began = time.perf_counter()
    server = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while server.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=5) as page:
                    page.read()
                seconds = time.perf_counter() - began
                break
            except OSError:
                time.sleep(0.02)
        else:
            raise SystemExit("the server ended by itself")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)
    return seconds, _spent() - spent


def _spent() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Print each round and the ratio to the limit."""
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        home = sys.argv[1] if len(sys.argv) > 1 else folder
        environment = {**os.environ, "SANYI_HOME": home}
        if home == folder:
            subprocess.run([*COMMAND, "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
        rounds = [once(environment) for _ in range(ROUNDS)]
    seconds = [one for one, _ in rounds]
    print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
    print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
    print("rounds", ", ".join(f"{wall:.2f} s (processor {spent:.2f} s)" for wall, spent in rounds))
    best, worst = min(seconds[1:]), max(seconds[1:])
    print(f"first page {best:.2f} to {worst:.2f} s, {worst / LIMIT_SECONDS:.2f} of the limit of {LIMIT_SECONDS:.0f} s")
    return int(worst > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
