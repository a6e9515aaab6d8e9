"""How good the findings are: gold posts, the comparison with analyses, and tables."""

from nlp.evaluation.gold import Expected, Gold, read_gold
from nlp.evaluation.score import Count, Mistake, Report, evaluate
from nlp.evaluation.table import table

__all__ = ["Count", "Expected", "Gold", "Mistake", "Report", "evaluate", "read_gold", "table"]
