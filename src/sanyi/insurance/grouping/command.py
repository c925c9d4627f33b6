"""`sanyi group`: 对一个文件中的病例分组; a person's mistake is answered with a sentence and exit code 2."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from sanyi.insurance.grouping import codes
from sanyi.kernel.refusals import RefusedError

application = typer.Typer()


@application.command()
def group(
    file: Path = typer.Argument(help="病例文件：.parquet、.csv 或 .xlsx"),  # noqa: B008
    scheme: str = typer.Option("chs_drg_11", help="分组方案，例如 yantai_2023"),
    out: Path = typer.Option(None, help="结果文件：.parquet、.csv 或 .xlsx"),  # noqa: B008
    mode: str = typer.Option("strict", help="strict 与公开分组器一致；clean 修复已知缺陷并注明"),
    translate: bool = typer.Option(False, "--translate", help="先把临床版编码转换为医保版"),
    trace: bool = typer.Option(False, "--trace", help="另写出轨迹列（规则、计入和排除的并发症）"),
    only_results: bool = typer.Option(False, "--only-results", help="只写病例号和分组结果，不保留其他列"),
    engine: str = typer.Option("local", help="local 本机；spark 在 Spark 上逐个行组运行"),
) -> None:
    """对文件中的病例做 CHS-DRG 分组，保留所有列，写出 status、mdc、adrg、drg。"""
    try:
        run(file, scheme, out, mode, translate, trace, only_results, engine)
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(2) from None


def run(
    file: Path,
    scheme: str,
    out: Path | None,
    mode: str,
    translate: bool,
    trace: bool,
    only_results: bool,
    engine: str,
) -> None:
    """Group a file and say how it went."""
    from sanyi.insurance.grouping.files import group_file
    from sanyi.insurance.grouping.files.spark import group_file_on_spark
    from sanyi.insurance.grouping.grouper import grouping

    chosen = grouping(scheme, mode, translate, trace)
    if out is None:
        raise RefusedError(codes.TARGET_MISSING())
    if engine not in {"local", "spark"}:
        raise RefusedError(codes.ENGINE_UNKNOWN(engine=engine))
    started = time.perf_counter()
    if engine == "spark":
        summary = group_file_on_spark(file, out, chosen, only_results=only_results)
    else:
        with _bar() as report:
            summary = group_file(file, out, chosen, only_results=only_results, report=report)
    seconds = time.perf_counter() - started
    counts = "，".join(f"{status} {count}" for status, count in summary.status_counts.most_common())
    typer.echo(f"已分组 {summary.stay_count} 例，用时 {seconds:.1f} 秒，写入 {out}。{counts}")


@contextmanager
def _bar() -> Iterator[Callable[[int, int | None], None] | None]:
    """A progress bar on a terminal; nothing where nobody looks."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("分组", total=None)

        def show(done: int, total: int | None) -> None:
            progress.update(task, completed=done, total=total)

        yield show
