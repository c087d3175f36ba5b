"""Dividing a dataset into splits or folds."""
