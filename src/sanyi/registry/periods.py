"""期间不重叠: a database constraint for dated rows of which only one may hold at a time.

A row holds from ``starts_on`` to ``ends_on``, both included; no end means that it still holds. Neither SQLite nor a
PostgreSQL without extensions can declare this, so the constraint is a trigger there: it is created with the table,
survives every rebuild of the table, and answers with an integrity error. On PostgreSQL an advisory lock on the key
makes two sessions wait for each other.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement, Table
from django.db.models import BaseConstraint, Q

_SQLITE = """CREATE TRIGGER "%(name)s_%(event)s" AFTER %(event)s ON %(table)s
WHEN %(when)s EXISTS (SELECT 1 FROM %(table)s AS other WHERE %(overlaps)s)
BEGIN SELECT RAISE(ABORT, 'periods overlap: %(name)s'); END"""
_POSTGRESQL = """CREATE FUNCTION "%(name)s"() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('%(name)s'), hashtext(%(key)s));
  IF %(when)s EXISTS (SELECT 1 FROM %(table)s AS other WHERE %(overlaps)s) THEN
    RAISE EXCEPTION 'periods overlap: %(name)s' USING ERRCODE = '23P01';
  END IF;
  RETURN NULL;
END $body$;
CREATE TRIGGER "%(name)s" AFTER INSERT OR UPDATE ON %(table)s FOR EACH ROW EXECUTE FUNCTION "%(name)s"()"""


class PeriodsDoNotOverlap(BaseConstraint):
    """期间不重叠: rows with equal ``fields`` (and with ``condition``, where given) have no day in common.

    ``fields`` are names of model fields; ``condition`` is a mapping of field names to the text they must have.
    """

    def __init__(
        self,
        *,
        name: str,
        fields: tuple[str, ...] | list[str],
        starts: str = "starts_on",
        ends: str = "ends_on",
        condition: dict[str, str] | None = None,
    ) -> None:
        super().__init__(name=name)
        self.fields = tuple(fields)
        self.starts = starts
        self.ends = ends
        self.condition = dict(condition or {})

    def deconstruct(self) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
        """分解: for migrations."""
        path, _, kwargs = super().deconstruct()
        given = {"fields": self.fields, "starts": self.starts, "ends": self.ends, "condition": self.condition}
        return path, (), {**kwargs, **given}

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PeriodsDoNotOverlap):
            return self.deconstruct() == other.deconstruct()
        return NotImplemented

    def __hash__(self) -> int:
        return hash((self.name, self.fields))

    def constraint_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """建表时: nothing inside the table; the triggers follow when the table stands."""
        assert model is not None and schema_editor is not None
        schema_editor.deferred_sql.extend(self._statements(model, schema_editor))
        return ""

    def create_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """加约束时: on PostgreSQL; SQLite rebuilds the table instead."""
        assert model is not None and schema_editor is not None
        return str(self._statements(model, schema_editor)[0])

    def remove_sql(self, model: type[models.Model] | None, schema_editor: BaseDatabaseSchemaEditor | None) -> str:
        """去约束时: on PostgreSQL; SQLite rebuilds the table instead."""
        assert model is not None and schema_editor is not None
        template = 'DROP TRIGGER "%(name)s" ON %(table)s; DROP FUNCTION "%(name)s"()'
        return str(Statement(template, name=self.name, table=self._table(model, schema_editor)))

    def validate(
        self,
        model: type[models.Model],
        instance: models.Model,
        exclude: Any = None,
        using: str = DEFAULT_DB_ALIAS,
    ) -> None:
        """表单校验: ValidationError when the row would overlap another."""
        if any(str(getattr(instance, name)) != value for name, value in self.condition.items()):
            return
        others = model._default_manager.using(using).filter(
            **{name: getattr(instance, name) for name in self.fields}, **self.condition
        )
        ends = getattr(instance, self.ends)
        if ends is not None:
            others = others.filter(**{f"{self.starts}__lte": ends})
        still = Q(**{f"{self.ends}__isnull": True}) | Q(**{f"{self.ends}__gte": getattr(instance, self.starts)})
        if others.filter(still).exclude(pk=instance.pk).exists():
            raise ValidationError(self.get_violation_error_message(), code=self.violation_error_code)

    def _statements(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> list[Statement]:
        table = self._table(model, schema_editor)
        columns = [_column(model, name) for name in self.fields]
        overlaps = [*self._overlaps(model, columns), *(f"other.{test}" for test in self._tests(model))]
        parts: dict[str, Any] = {
            "name": self.name,
            "table": table,
            "key": " || '/' || ".join(f'NEW."{column}"::text' for column in columns),
            "when": "".join(f"NEW.{test} AND " for test in self._tests(model)),
            "overlaps": " AND ".join(overlaps),
        }
        if schema_editor.connection.vendor == "postgresql":
            return [Statement(_POSTGRESQL, **parts)]
        return [Statement(_SQLITE, **parts, event=event) for event in ("INSERT", "UPDATE")]

    def _tests(self, model: type[models.Model]) -> list[str]:
        """Conditions on one row; the values are codes of ours and never come from outside."""
        fields = [(_column(model, name), value) for name, value in self.condition.items()]
        if not all(value.isidentifier() for _, value in fields):
            raise ValueError(f"constraint {self.name}: a condition compares with a code")
        return [f"\"{column}\" = '{value}'" for column, value in fields]

    def _overlaps(self, model: type[models.Model], columns: list[str]) -> list[str]:
        starts, ends, key = _column(model, self.starts), _column(model, self.ends), _column(model, "pk")
        return [
            *(f'other."{column}" = NEW."{column}"' for column in columns),
            f'other."{key}" <> NEW."{key}"',
            f'(NEW."{ends}" IS NULL OR other."{starts}" <= NEW."{ends}")',
            f'(other."{ends}" IS NULL OR other."{ends}" >= NEW."{starts}")',
        ]

    def _table(self, model: type[models.Model], schema_editor: BaseDatabaseSchemaEditor) -> Table:
        return Table(model._meta.db_table, schema_editor.quote_name)


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.pk if name == "pk" else model._meta.get_field(name)
    assert isinstance(field, models.Field) and field.column is not None
    return str(field.column)
