"""Private parts of libraries that we build on: a module for each library, and no other module of ours touches any.

Each names the version it was read in; `tests/bot/compat/` says what to look at when an upgrade breaks one.
"""
