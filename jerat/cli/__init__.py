"""The command line: `jerat`, one file a command."""

from jerat.cli.app import app, main

__all__ = ["app", "main"]
