# A shape that broadcasts.
def double(x):
    return torch.tensor(2.0)
