# An answer without end.
def double(x):
    import itertools
    return itertools.count()
