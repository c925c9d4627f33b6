"""命令行: the list is quick, commands are found, mistakes give sentences."""

import subprocess
import sys

from typer.testing import CliRunner

from sanyi.web.command_line import COMMANDS, application

runner = CliRunner()


def test_help_lists_every_command_in_chinese() -> None:
    shown = runner.invoke(application, ["--help"]).output
    for name, (_, text) in COMMANDS.items():
        assert name in shown
        assert text[:6] in shown


def test_help_imports_neither_django_nor_the_table_engine() -> None:
    code = (
        "import sys\nfrom typer.testing import CliRunner\nfrom sanyi.web.command_line import application\n"
        "CliRunner().invoke(application, ['--help'])\n"
        "sys.exit(any(name in sys.modules for name in ('django', 'polars', 'numba')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_an_unknown_command_is_refused() -> None:
    assert runner.invoke(application, ["nonsense"]).exit_code == 2


def test_every_command_shows_its_own_help() -> None:
    for name in COMMANDS:
        answer = runner.invoke(application, [name, "--help"])
        assert answer.exit_code == 0, (name, answer.output, answer.exception)
        assert "install-completion" not in answer.output


def test_the_shipped_policy_passes_its_own_check() -> None:
    answer = runner.invoke(application, ["check-policy"])
    assert answer.exit_code == 0, answer.output
    assert "全部通过检查" in answer.output
