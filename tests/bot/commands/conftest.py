"""The databases and facts of the office's tests."""

from tests.office.conftest import database, encoder, folder, migrated_file, migrated_server, now

__all__ = ["database", "encoder", "folder", "migrated_file", "migrated_server", "now"]
