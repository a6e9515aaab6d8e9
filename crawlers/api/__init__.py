"""What the spiders of APIs share: reading a reply, walking its pages, keeping to its limits, and whose token goes where."""
