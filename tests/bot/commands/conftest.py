"""The databases of the office's tests."""

from tests.office.conftest import database, migrated_file, migrated_server

__all__ = ["database", "migrated_file", "migrated_server"]
