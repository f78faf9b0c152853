"""`schema` and `settings`: generate files of the repository from the code."""

from pathlib import Path
from typing import Annotated

import typer

from app.database.schema_sql import write_schema
from app.settings.documents import documents

SDL = Path(__file__).parents[2] / "schema/schema.graphql"
Check = Annotated[bool, typer.Option(help="Change nothing; fail when a generated file is stale.")]


def schema(
    check: Check = False,
    sql: Annotated[bool, typer.Option("--sql", help="Export the database schema to sql/schema.sql instead.")] = False,
) -> None:
    """Export the GraphQL SDL to schema/schema.graphql, or the database schema to sql/schema.sql."""
    if sql:
        write_schema()
        typer.echo("✓ sql/schema.sql")
        return
    from resolvers.root import schema as built  # slow to import

    _generate({SDL: built.as_str() + "\n"}, "schema", check=check)


def settings(check: Check = False) -> None:
    """Generate docs/settings.md and .env.example from the settings."""
    _generate(documents(), "settings", check=check)


def _generate(files: dict[Path, str], command: str, *, check: bool) -> None:
    stale = {path: text for path, text in files.items() if not path.exists() or path.read_text() != text}
    if check and stale:
        names = ", ".join(_shown(path) for path in stale)
        typer.echo(f"{names} is stale: run `python -m app {command}`.", err=True)
        raise typer.Exit(1)
    for path, text in stale.items():
        path.write_text(text)
    if not check:
        for path in files:
            typer.echo(f"✓ {_shown(path)}")


def _shown(path: Path) -> str:
    return str(path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path)
