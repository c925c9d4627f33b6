"""`sanyi serve`: 启动网站和后台作业. One server process group, one worker process beside it, both end together."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request

import typer

application = typer.Typer()
WEB_PROCESSES = 2
THREADS_PER_PROCESS = 8  # requests that wait for their turn or the database; they share one processor
READY_WITHIN_SECONDS = 60
KILL_AFTER_SECONDS = 15


@application.command()
def serve(
    host: str = typer.Option("127.0.0.1", help="监听地址；0.0.0.0 表示所有网卡"),
    port: int = typer.Option(8000, help="监听端口"),
    processes: int = typer.Option(WEB_PROCESSES, help="网页进程数"),
    with_worker: bool = typer.Option(True, "--worker/--no-worker", help="是否同时启动后台作业进程"),
) -> None:
    """启动网站和后台作业，按 Ctrl-C 一并停止。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    from sanyi.web.pending import has_pending

    if has_pending():
        typer.echo("数据库结构不是最新，请先运行：sanyi migrate", err=True)
        raise typer.Exit(1)
    run(host, port, processes=processes, with_worker=with_worker)


def run(host: str, port: int, *, processes: int = WEB_PROCESSES, with_worker: bool = True) -> None:
    """Serve until interrupted. Refuses an occupied port with a sentence instead of a stack trace.

    The processes that answer are forked from this one and load the program themselves, side by side.
    """
    if not _is_free(host, port):
        typer.echo(f"端口 {port} 已被占用，请换一个：sanyi serve --port {port + 1}", err=True)
        raise typer.Exit(1)
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import Server

    os.register_at_fork(after_in_child=_end_when_told)
    beside = _WorkerBeside() if with_worker else None
    threading.Thread(target=_when_ready, args=(host, port, beside), daemon=True).start()
    try:
        Server(
            "sanyi.web.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=processes,
            blocking_threads=THREADS_PER_PROCESS,
            backpressure=64,
            respawn_failed_workers=True,
            workers_kill_timeout=KILL_AFTER_SECONDS,
            log_level=LogLevels.error,
            websockets=False,
        ).serve()
    finally:
        if beside is not None:
            beside.stop()
        typer.echo("已停止。")


def _end_when_told() -> None:
    """A forked process that still loads the program has its parent's handlers, which would swallow the order to end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class _WorkerBeside:
    """The worker process: started again when it ends by itself, ended when the server ends."""

    def __init__(self) -> None:
        self.is_stopping = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it; the first page comes first, so this is called when the site answers."""
        if not self.is_stopping:
            self.process = self._start()
            threading.Thread(target=self._watch, daemon=True).start()

    def stop(self) -> None:
        """End it: politely first, so that a running job can note where it is."""
        self.is_stopping = True
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _watch(self) -> None:
        while not self.is_stopping and self.process is not None:
            code = self.process.wait()
            if not self.is_stopping:
                typer.echo(f"后台作业进程意外退出（{code}），正在重新启动。", err=True)
                time.sleep(1)
                self.process = self._start()

    @staticmethod
    def _start() -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "sanyi.web.command_line", "worker"]
        # A session of its own: Ctrl-C reaches the server alone, which then ends the worker in order.
        return subprocess.Popen(command, start_new_session=True, env=os.environ.copy())  # noqa: S603


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def _when_ready(host: str, port: int, beside: _WorkerBeside | None) -> None:
    """Print the address once the site answers, and start the worker."""
    address = _address(host, port)
    deadline = time.monotonic() + READY_WITHIN_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - our own address
                break
        except OSError:
            time.sleep(0.05)
    else:
        typer.echo(f"网站在 {READY_WITHIN_SECONDS} 秒内没有应答，请查看上面的错误信息。", err=True)
        return
    typer.echo(f"三医已就绪：{address}/   按 Ctrl-C 停止")
    if beside is not None:
        beside.start()


def _address(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - only for display
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
