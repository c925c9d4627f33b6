"""`sanyi verify-audit`: 校验审计日志链. Exit code 1 when an entry was altered, removed or inserted."""

import typer

from sanyi.web.commands import start_django

application = typer.Typer()


@application.command()
def verify_audit() -> None:
    """校验审计日志链：逐条核对摘要，指出被改动、删除或插入的记录。"""
    start_django()
    from sanyi.registry.access import services as access

    result = access.verify()
    typer.echo(f"已校验 {result.checked_count} 条，链头 {result.head_digest or '（空）'}。")
    for finding in result.findings:
        typer.echo(finding.zh, err=True)
    if not result.is_intact:
        raise typer.Exit(1)
    typer.echo("审计日志链完整。")
