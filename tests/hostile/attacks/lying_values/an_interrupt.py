# An interrupt.
def double(x):
    raise KeyboardInterrupt
