"""`sanyi create-user`: 新建用户并授予角色."""

import secrets
import sys

import typer

from sanyi.web.commands import start_django

application = typer.Typer()


@application.command()
def create_user(
    username: str = typer.Argument(help="用户名"),
    role: str = typer.Option(..., help="角色代码，例如 insurance_officer"),
    organisation: str = typer.Option(..., help="所在机构代码"),
    name: str = typer.Option("", help="显示姓名；不填则用用户名"),
    password_stdin: bool = typer.Option(False, "--password-stdin", help="从标准输入读取口令；否则随机生成并只显示一次"),
) -> None:
    """新建用户并授予角色。"""
    start_django()
    from sanyi.kernel.refusals import RefusedError

    given = sys.stdin.readline().rstrip("\n") if password_stdin else ""
    password = given or secrets.token_urlsafe(12)
    try:
        _create(username, name or username, role, organisation, password)
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(1) from None
    typer.echo(f"已建立用户 {username}。")
    if not given:
        typer.echo(f"初始口令（只显示这一次）：{password}")


def _create(username: str, name: str, role: str, organisation: str, password: str) -> None:
    from django.contrib.auth.models import User
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.db import transaction

    from sanyi.registry.access import services as access
    from sanyi.registry.organisations import services as organisations

    if User.objects.filter(username=username).exists():
        typer.echo(f"用户名 {username} 已存在。", err=True)
        raise typer.Exit(1)
    access.role(role)
    organisations.get(organisation)
    try:
        validate_password(password)
    except ValidationError as error:
        typer.echo("".join(error.messages), err=True)
        raise typer.Exit(1) from None
    with transaction.atomic():
        user = User.objects.create_user(username, password=password)
        access.set_identity(user, display_name=name)
        access.grant_role(user, role, organisation, by=access.SYSTEM)
