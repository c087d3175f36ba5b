"""Warm processes that grade submissions, what of a submission they are given, and the results that are kept."""
