"""Matplotlib figures: data in, `Figure` out; no training, no files, no pyplot."""
