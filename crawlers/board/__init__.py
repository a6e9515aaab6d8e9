"""Reading job boards by declared selectors: what stands where on their lists and on the pages of single advertisements."""
