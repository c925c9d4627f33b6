"""`sanyi payment-replay`: 复算一次结算; exit code 1 when a byte differs, 2 for a person's mistake."""

import typer

application = typer.Typer()


@application.command()
def payment_replay(number: str = typer.Argument(..., help="结算的办件编号，例如 ZF-2026-000001")) -> None:
    """用冻结的输入和规则重新计算一次支付结算，与当时的结果逐字节比较。"""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanyi.web.settings")
    django.setup()
    from sanyi.insurance.payment import services
    from sanyi.kernel.refusals import RefusedError

    found = services.get(number.strip())
    if found is None:
        typer.echo(f"没有编号为 {number} 的支付结算。请在“结算与结账”页核对编号。", err=True)
        raise typer.Exit(2)
    try:
        result = services.replay(found)
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(2) from None
    for name, (then, now) in result.digests.items():
        typer.echo(f"{'一致' if then == now else '不一致'}  {name}  {then[:16]}  {now[:16]}")
    typer.echo(f"{result.period}：{'逐字节一致' if result.is_same else '不一致，请告知系统管理员'}")
    raise typer.Exit(0 if result.is_same else 1)
