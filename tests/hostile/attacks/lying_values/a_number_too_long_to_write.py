# A number too long to write.
def double(x):
    return 10**4500
