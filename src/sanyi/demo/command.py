"""`sanyi demo`: 建立并启动演示县."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from time import monotonic

import typer
from rich.console import Console
from rich.table import Table

from sanyi.demo import home
from sanyi.demo.codes import RESIDENTS_OUT_OF_RANGE
from sanyi.demo.county import RESIDENTS_MAX, RESIDENTS_MIN
from sanyi.demo.profiles import COUNTIES, Profile, load
from sanyi.kernel.refusals import RefusedError

application = typer.Typer()
RESIDENTS, SEED = 20_000, 20250101
_LASTING = "registered"


@application.command()
def demo(
    county: str = typer.Option("ruicheng", help=f"演示县：{'、'.join(COUNTIES)}"),
    residents: int | None = typer.Option(None, help=f"居民数，默认 {RESIDENTS}"),
    no_serve: bool = typer.Option(False, "--no-serve", help="只建立，不启动网站"),
    fresh: bool = typer.Option(False, "--fresh", help="清空后重新建立"),
    host: str = typer.Option("127.0.0.1", help="监听地址"),
    port: int = typer.Option(8000, help="监听端口"),
    seed: int | None = typer.Option(None, help=f"随机种子，默认 {SEED}；相同种子得到相同的县"),
) -> None:
    """建立演示县（居民、机构、一年的住院和结算清单），分组后启动网站。全部数据为生成数据。"""
    console = Console()
    started = monotonic()
    try:
        profile = load(county)
        folder = Path(os.environ.get("SANYI_HOME") or f"var/demo-{county}").resolve()
        with home.held(folder) as lock:
            state = _prepared(folder, profile, residents, seed, fresh, console)
            is_new = "finished" not in state.stages
            _build(folder, profile, state, console)
            _tell(folder, profile, state, monotonic() - started if is_new else None, console)
            if not no_serve:
                _serve(host, port, lock)
    except RefusedError as error:
        console.print(error.text(), style="red", markup=False)
        raise typer.Exit(1) from None


def _prepared(
    folder: Path, profile: Profile, residents: int | None, seed: int | None, is_fresh: bool, console: Console
) -> home.State:
    """Decide what to build on; options that were not given follow what is there already."""
    if residents is not None and not RESIDENTS_MIN <= residents <= RESIDENTS_MAX:
        raise RefusedError(RESIDENTS_OUT_OF_RANGE(minimum=RESIDENTS_MIN, maximum=RESIDENTS_MAX, given=residents))
    found = home.read(folder)
    keeps = found is not None and found.county == profile.short and not is_fresh
    wanted = home.State(
        county=profile.short,
        residents=residents if residents is not None else found.residents if found and keeps else RESIDENTS,
        seed=seed if seed is not None else found.seed if found and keeps else SEED,
    )
    state, was_broken = home.prepare(folder, wanted, is_fresh=is_fresh, lasting=_LASTING)
    if was_broken:
        console.print("上次建立没有完成，已清空，重新建立。", soft_wrap=True)
    elif "finished" in state.stages:
        console.print(
            f"文件夹 {folder} 中已有演示县（{state.words()}），直接使用；重新建立请加 --fresh。", soft_wrap=True
        )
    elif state.stages:
        console.print("上次建立没有完成，从中断处继续。")
    return state


def _build(folder: Path, profile: Profile, state: home.State, console: Console) -> None:
    os.environ["SANYI_HOME"], os.environ["SANYI_COUNTY"] = str(folder), profile.county_code
    (folder / home.COUNTY).write_text(profile.county_code)
    from sanyi.web.commands import start_django

    start_django()
    from sanyi.demo.build import Builder
    from sanyi.web.commands.warm import start_warming

    warming = start_warming()
    try:
        Builder(folder, state, console).build()
    finally:
        warming.wait()


def _tell(folder: Path, profile: Profile, state: home.State, seconds: float | None, console: Console) -> None:
    """Print the sign-ins, where the sample is, and how long it took."""
    from sanyi.demo import sign_ins

    table = Table(title=f"{profile.county_name}演示县 · 登录（口令每次建立随机生成，也在 {folder / home.SIGN_INS}）")
    for heading in ("用户名", "口令", "角色", "机构"):
        table.add_column(heading, no_wrap=True)
    for one in sign_ins.from_text((folder / home.SIGN_INS).read_text(encoding="utf-8")):
        table.add_row(one.username, one.password, one.role, one.organisation)
    console.print(table)
    for path in sorted((folder / home.SAMPLES).glob("*")):
        console.print(f"练习用上报文件（含错误行）：{path}", soft_wrap=True, highlight=False)
    if seconds is not None:
        console.print(f"已建立：居民 {state.residents:,} 人，用时 {seconds:.0f} 秒。")
    console.print("全部人名、证件号码、电话和就诊数据均为生成数据，不涉及任何真实个人。", soft_wrap=True)
    console.print(f"以后可直接启动：SANYI_HOME={folder} sanyi serve", soft_wrap=True, highlight=False)


def _serve(host: str, port: int, lock: int) -> None:
    """Become `sanyi serve`, which keeps the folder: a server must not be forked from a process that used the engine.

    The table engine's threads do not survive a fork, and a page that needs them would wait for ever.
    """
    sys.stdout.flush()
    os.set_inheritable(lock, True)
    command = [sys.executable, "-m", "sanyi.web.command_line", "serve", "--host", host, "--port", str(port)]
    os.execv(sys.executable, command)  # noqa: S606 - our own program
