"""Where help is, for people who are held, and for their families: hotlines as data, each with its source."""

from jerat.help.hotlines import Hotline, help_for, hotlines

__all__ = ["Hotline", "help_for", "hotlines"]
