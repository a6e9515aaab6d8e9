"""Places: hubs, the towns on the way to them, countries and cities, and how their names are looked up."""
