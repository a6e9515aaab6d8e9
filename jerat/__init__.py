"""jerat finds the online advertisements that lure people into cyber-scam compounds."""

__all__ = ["__version__"]

__version__ = "0.1.0"
