# Fork and answer twice.
def double(x):
    import os
    os.fork()
    return 2 * x
