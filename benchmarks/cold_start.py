"""Cold start: seconds from `sanyi serve` to the first page, and to the first page of somebody who signs in.

    .venv/bin/python benchmarks/cold_start.py [HOME]

HOME is a folder made by `sanyi demo --no-serve`; without it an empty, migrated one is made. The limit is 5 seconds to
the first page, with compiled modules on the disk (the first round makes them and is printed, but not judged).
"""

import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

LIMIT_SECONDS, ROUNDS = 5.0, 4
COMMAND = [sys.executable, "-m", "sanyi.web.command_line"]


def once(environment: dict[str, str]) -> float:
    """One start: seconds until the sign-in page has been read."""
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
                return time.perf_counter() - began
            except OSError:
                time.sleep(0.02)
        raise SystemExit("the server ended by itself")
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=30)


def main() -> int:
    """Print each round and the ratio to the limit."""
    with tempfile.TemporaryDirectory(prefix="sanyi-benchmark-") as folder:
        home = sys.argv[1] if len(sys.argv) > 1 else folder
        environment = {**os.environ, "SANYI_HOME": home}
        if home == folder:
            subprocess.run([*COMMAND, "migrate"], check=True, env=environment, stdout=subprocess.DEVNULL)
        seconds = [once(environment) for _ in range(ROUNDS)]
    print("machine", platform.machine(), "cores", os.cpu_count(), "python", platform.python_version())
    print("load before", ", ".join(f"{value:.2f}" for value in os.getloadavg()))
    print("rounds", ", ".join(f"{value:.2f} s" for value in seconds))
    best, worst = min(seconds[1:]), max(seconds[1:])
    print(f"first page {best:.2f} to {worst:.2f} s, {worst / LIMIT_SECONDS:.2f} of the limit of {LIMIT_SECONDS:.0f} s")
    return int(worst > LIMIT_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
