"""`sanyi worker`: 后台作业进程. Runs queued jobs one after another; several may run beside each other on PostgreSQL."""

import typer

from sanyi.web.commands import start_django

application = typer.Typer()
INTERVAL_SECONDS = 0.5


@application.command()
def worker(
    once: bool = typer.Option(False, "--once", help="做完已排队的作业就退出"),
) -> None:
    """启动后台作业进程：重新排队上次中断的作业，然后依次执行。"""
    start_django()
    from sanyi.registry.runs import services as runs

    runs.work(is_batch=once, interval_seconds=INTERVAL_SECONDS)
