"""`sanyi check-policy`: 检查政策参数文件, without a database; every mistake with file, line and sentence."""

import os
from pathlib import Path

import typer

application = typer.Typer()


@application.command()
def check_policy(
    folder: list[Path] = typer.Argument(None, help="另加的目录或文件；不填则检查随软件发布的和本县的全部参数"),  # noqa: B008
) -> None:
    """检查政策参数文件：日期、单位、辖区、依据是否齐全，有无空档、重叠和重复。"""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    from sanyi.kernel.policy import PolicyBook
    from sanyi.kernel.refusals import RefusedError
    from sanyi.registry.policies.services import folders

    try:
        book = PolicyBook.load(*folders(), *(folder or []))
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"政策参数 {len(book.keys())} 项、取值 {len(book.entries())} 条，全部通过检查。摘要 {book.digest}")
