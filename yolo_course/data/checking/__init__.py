"""What is wrong with a dataset: one file an idea, and the report."""
