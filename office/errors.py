"""The few things that can go wrong in the office, each one a caller can act on."""


class OfficeError(Exception):
    """Base of every error the office raises on purpose."""


class BadFactFile(OfficeError):
    """A file of facts cannot be loaded; the text names file, line and reason. Nothing was changed."""

    def __init__(self, file: str, line: int, reason: str) -> None:
        super().__init__(f"{file}, line {line}: {reason}")
        self.file, self.line, self.reason = file, line, reason


class UnknownTrust(OfficeError):
    """A trust was named that no file of facts describes."""


class DatabaseAway(OfficeError):
    """The database cannot be reached, or gave up waiting."""
