"""`sanyi scheme-workbook`: 把方案写成工作簿; a person's mistake is answered with a sentence and exit code 2."""

from pathlib import Path

import typer

from sanyi.insurance.grouping import exported, schemes
from sanyi.insurance.grouping.codes import SCHEME_UNKNOWN, TARGET_UNWRITABLE
from sanyi.kernel.refusals import RefusedError

application = typer.Typer()


@application.command()
def scheme_workbook(
    scheme: str = typer.Argument("chs_drg_11", help="分组方案，例如 yantai_2023"),
    out: Path = typer.Option(..., help="写入的工作簿：.xlsx"),  # noqa: B008
) -> None:
    """把任一分组方案写成可以改动、再导入的工作簿（模板即 chs_drg_11）。"""
    try:
        run(scheme, out)
    except RefusedError as error:
        typer.echo(error.text(), err=True)
        raise typer.Exit(2) from None
    typer.echo(f"已写入 {out}。改动后请换方案代码和版本号，在“方案调整”页上传。")


def run(scheme: str, out: Path) -> None:
    """Write the workbook; refuses an unknown scheme and a place that cannot be written."""
    from sanyi.insurance.scheme_change.jobs.edition import edition
    from sanyi.insurance.scheme_change.jobs.workbook import workbook

    known = schemes()["scheme"].to_list()
    if scheme not in known:
        raise RefusedError(SCHEME_UNKNOWN(scheme=scheme, known="、".join(known)))
    try:
        with out.open("wb") as target:  # opened first: nobody waits for a workbook that has no place
            target.write(workbook(exported(scheme), edition()))
    except OSError as error:
        raise RefusedError(TARGET_UNWRITABLE(file=str(out))) from error
