# The check's name.
def check(name):
    import contextlib
    return contextlib.nullcontext()
