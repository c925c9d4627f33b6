"""命令行: `sanyi demo`, `sanyi serve`, `sanyi group` and their like."""

import typer

application = typer.Typer(help="三医：县域医共体与三医联动的开放软件", no_args_is_help=True)


def main() -> None:
    """Run the command line."""
    application()
