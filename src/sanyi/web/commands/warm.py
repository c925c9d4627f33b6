"""`sanyi warm`: 预先编译分组器, so that nobody waits for it at a first click; harmless to repeat."""

import os
import subprocess
import sys
import time

import typer

from sanyi.kernel.refusals import RefusedError

application = typer.Typer()


@application.command()
def warm(
    schemes: list[str] = typer.Argument(None, help="分组方案，例如 yantai_2023；不填为全部"),  # noqa: B008
    only_kernel: bool = typer.Option(False, "--only-kernel", help="只编译内核，方案在第一次使用时装入"),
) -> None:
    """预先编译分组内核并装入分组方案，安装或升级后运行一次即可。"""
    from sanyi.insurance.grouping import warm_up, warm_up_kernel

    started = time.perf_counter()
    try:
        if only_kernel:
            warm_up_kernel()
        else:
            warm_up(*schemes or ())
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"分组器已就绪，用时 {time.perf_counter() - started:.1f} 秒。")


def start_warming() -> "subprocess.Popen[bytes]":
    """预热进程: compiles the kernel beside whatever this process does; wait for it before it must be ready."""
    command = [sys.executable, "-m", "sanyi.web.command_line", "warm", "--only-kernel"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, env=os.environ.copy())  # noqa: S603
