"""Migration operations for row-level security (net 3 of docs/architecture.md)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps.registry import Apps
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from cosell.core.tenancy import APP_ROLE, WORKER_ROLE

# Bare on purpose: wrapped in a SELECT the planner cannot use it as an index condition.
CURRENT_ORGANIZATION = "nullif(current_setting('cosell.organization', true), '')::uuid"
CURRENT_USER = "nullif(current_setting('cosell.user', true), '')::uuid"


class TenantTable(Operation):
    """Let organisations see and write only their rows of a table.

    `owners` are the foreign keys to Organization; a row belongs to each. `same_organization`
    maps a foreign key to the owner that its target must share: the key gets a composite twin on
    (organization, id), because foreign-key checks ignore policies. `readable` is an SQL condition
    for rows that the app may read besides its own. `append_only` takes UPDATE and DELETE away.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        model: str,
        *,
        owners: Sequence[str] = ("organization",),
        same_organization: Mapping[str, str] | Sequence[str] = (),
        readable: str = "",
        append_only: bool = False,
    ) -> None:
        self.model = model
        self.owners = tuple(owners)
        self.same_organization = (
            dict(same_organization)
            if isinstance(same_organization, Mapping)
            else dict.fromkeys(same_organization, "organization")
        )
        self.readable = readable
        self.append_only = append_only

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        kwargs = {
            "owners": self.owners,
            "same_organization": self.same_organization,
            "readable": self.readable,
            "append_only": self.append_only,
        }
        return type(self).__name__, [self.model], kwargs

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Policies are not part of the model state."""

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for statement in self._statements(to_state.apps, app_label):
            schema_editor.execute(statement)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        table = from_state.apps.get_model(app_label, self.model)._meta.db_table
        for policy in ("app_rows", "worker_rows", "app_reads"):
            schema_editor.execute(f"DROP POLICY IF EXISTS {policy} ON {table}")
        schema_editor.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
        for field in self.same_organization:
            schema_editor.execute(
                f"ALTER TABLE {table} DROP CONSTRAINT {_constraint_name(table, field)}"
            )

    def describe(self) -> str:
        return f"Row-level security on {self.model}"

    def _statements(self, apps: Apps, app_label: str) -> list[str]:
        model = apps.get_model(app_label, self.model)
        table = model._meta.db_table
        owned = " OR ".join(
            f"{model._meta.get_field(owner).column} = {CURRENT_ORGANIZATION}"
            for owner in self.owners
        )
        statements = [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY app_rows ON {table} TO {APP_ROLE} USING ({owned}) WITH CHECK ({owned})",
            f"CREATE POLICY worker_rows ON {table} TO {WORKER_ROLE} USING (true) WITH CHECK (true)",
        ]
        if self.readable:
            statements.append(
                f"CREATE POLICY app_reads ON {table} FOR SELECT TO {APP_ROLE}"
                f" USING ({self.readable})"
            )
        if self.append_only:
            statements.append(f"REVOKE UPDATE, DELETE ON {table} FROM {APP_ROLE}, {WORKER_ROLE}")
        for name, owner in self.same_organization.items():
            statements.append(_composite_key(model, name, owner))
        return statements


def _composite_key(model: Any, name: str, owner: str) -> str:
    field, owner_field = model._meta.get_field(name), model._meta.get_field(owner)
    table = model._meta.db_table
    return (
        f"ALTER TABLE {table} ADD CONSTRAINT {_constraint_name(table, name)}"
        f" FOREIGN KEY ({owner_field.column}, {field.column})"
        f" REFERENCES {field.related_model._meta.db_table} (organization_id, id)"
        " DEFERRABLE INITIALLY DEFERRED"
    )


def _constraint_name(table: str, field: str) -> str:
    return f"{table}_{field}_same_organization"
