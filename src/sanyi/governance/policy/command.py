"""`sanyi read-policy`: 读政策文件, without a database; what was read goes out as JSON or as a short list."""

from __future__ import annotations

from pathlib import Path

import orjson
import typer

from sanyi.kernel.refusals import RefusedError

application = typer.Typer()


@application.command()
def read_policy(
    file: Path = typer.Argument(..., help="政策文件：txt、docx、html 或带文字层的 pdf"),  # noqa: B008
    out: str = typer.Option("text", "--out", help="输出：text 简表，json 全部读取结果"),
) -> None:
    """读政策文件：文件头、条款、任务、目标、参数候选和读取提示。"""
    from sanyi.governance.policy.jobs import read_document
    from sanyi.governance.policy.jobs.summary import summary_lines

    if not file.is_file():
        typer.echo(f"没有文件“{file}”。请核对路径。", err=True)
        raise typer.Exit(2)
    try:
        document = read_document(file)
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(1) from None
    if out == "json":
        typer.echo(orjson.dumps(document.as_dict(), option=orjson.OPT_INDENT_2).decode())
        return
    for line in summary_lines(document):
        typer.echo(line)
