# Memory.
def double(x):
    return b'x' * (1 << 40)
