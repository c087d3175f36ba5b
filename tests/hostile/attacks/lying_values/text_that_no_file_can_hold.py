# Text that no file can hold.
def double(x):
    raise ValueError('\ud800\x1b[2J\x00')
