# A huge answer.
def double(x):
    return torch.zeros(1 << 28)
