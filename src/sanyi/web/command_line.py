"""命令行: `sanyi demo`, `sanyi serve`, `sanyi group` and their like; a command is imported only when it is called."""

import os
import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from sanyi.web.memory import spare

COMMANDS = {
    "demo": ("sanyi.demo.command", "建立并启动示范县：一条命令走完全县流程"),
    "serve": ("sanyi.web.commands.serve", "启动网站和后台作业"),
    "worker": ("sanyi.web.commands.worker", "只启动后台作业进程"),
    "migrate": ("sanyi.web.commands.migrate", "建立或升级数据库结构"),
    "create-user": ("sanyi.web.commands.create_user", "新建用户并授予角色"),
    "group": ("sanyi.insurance.grouping.command", "对文件中的病例做 CHS-DRG 分组"),
    "scheme-workbook": ("sanyi.insurance.scheme_change.command", "把分组方案写成可以改动、再导入的工作簿"),
    "payment-replay": ("sanyi.insurance.payment.command", "复算一次支付结算，与当时的结果逐字节比较"),
    "warm": ("sanyi.web.commands.warm", "预先编译分组器（安装或升级后一次）"),
    "read-policy": ("sanyi.governance.policy.command", "读政策文件：任务、目标和参数候选"),
    "check-policy": ("sanyi.web.commands.check_policy", "检查政策参数文件"),
    "verify-audit": ("sanyi.web.commands.verify_audit", "校验审计日志链是否完整"),
}


class Commands(TyperGroup):
    """命令组: lists every command from the table above and imports the one that is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """A stand-in with the help line; the real command comes in ``resolve_command``."""
        if cmd_name not in COMMANDS:
            return None
        return TyperCommand(name=cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The called command itself; an unknown name is refused as usual."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        if stand_in is None or name not in COMMANDS:
            return name, stand_in, rest
        called: typer.Typer = import_module(COMMANDS[name][0]).application
        called._add_completion = False
        return name, get_command(called), rest


application = typer.Typer(
    cls=Commands,
    help="三医：县域医共体与三医联动的开放软件",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
)


@application.callback()
def _start() -> None:
    """三医：县域医共体与三医联动的开放软件"""


def main() -> None:
    """Run the command line."""
    # Some machines forbid compiled modules in their environment; a server that compiles everything anew at each start
    # would take many seconds for its first page. The processes it starts inherit this.
    sys.dont_write_bytecode = False
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    spare()
    application()


if __name__ == "__main__":
    main()
