"""What every request and every response passes: the address guard, the budget of pages, politeness."""
