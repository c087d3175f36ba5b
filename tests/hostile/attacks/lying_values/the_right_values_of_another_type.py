# The right values of another type.
def double(x):
    return [str(2 * float(each)) for each in x]
