"""`sanyi migrate`: 建立或升级数据库结构."""

import typer

from sanyi.web.commands import start_django

application = typer.Typer()


@application.command()
def migrate() -> None:
    """建立或升级数据库结构（可重复执行，不会丢失数据）。"""
    start_django()
    from django.core.management import call_command

    from sanyi.insurance.grouping import warm_up_kernel

    call_command("migrate", verbosity=0, interactive=False)
    typer.echo("数据库结构已是最新。")
    warm_up_kernel()  # at install and upgrade, not at somebody's first click
