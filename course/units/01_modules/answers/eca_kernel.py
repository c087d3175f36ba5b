# %% right="sets the lowest bit"
def eca_kernel(channels, gamma=2, b=1):
    return int((math.log2(channels) + b) / gamma) | 1


# %% right="climbs through the odd numbers, no logarithm"
def eca_kernel(channels, gamma=2, b=1):
    k = 1
    while channels >= 2 ** (gamma * (k + 1) - b):
        k += 2
    return k


# %% right="by tensors, back to a number"
def eca_kernel(channels, gamma=2, b=1):
    length = torch.floor((torch.log2(torch.tensor(float(channels), dtype=torch.double)) + b) / gamma).item()
    return 2 * (int(length) // 2) + 1


# %% wrong="gives a float" hint="of type int"
def eca_kernel(channels, gamma=2, b=1):
    length = (math.log2(channels) + b) // gamma
    return length if length % 2 else length + 1


# %% wrong="leaves an even length" hint="the kernel is even"
def eca_kernel(channels, gamma=2, b=1):
    return max(int((math.log2(channels) + b) / gamma), 1)


# %% wrong="makes an even length shorter" hint="becomes longer, not shorter"
def eca_kernel(channels, gamma=2, b=1):
    length = int((math.log2(channels) + b) / gamma)
    return length if length % 2 else max(length - 1, 1)


# %% wrong="forgets gamma" hint="is it divided by gamma"
def eca_kernel(channels, gamma=2, b=1):
    length = int(math.log2(channels) + b)
    return length if length % 2 else length + 1


# %% wrong="takes the natural logarithm" hint="grow with log2"
def eca_kernel(channels, gamma=2, b=1):
    length = int((math.log(channels) + b) / gamma)
    return length if length % 2 else length + 1


# %% wrong="rounds to the nearest" hint="cut off, not rounded"
def eca_kernel(channels, gamma=2, b=1):
    length = round((math.log2(channels) + b) / gamma)
    return length if length % 2 else length + 1


# %% wrong="forgets b" hint="is `b` in it"
def eca_kernel(channels, gamma=2, b=1):
    length = int(math.log2(channels) / gamma)
    return length if length % 2 else length + 1


# %% wrong="lengthens an odd kernel too" hint="an odd length stays"
def eca_kernel(channels, gamma=2, b=1):
    length = int((math.log2(channels) + b) / gamma)
    return length + 2 if length % 2 else length + 1


# %% wrong="never below 3" hint="1 is allowed"
def eca_kernel(channels, gamma=2, b=1):
    return max(3, int((math.log2(channels) + b) / gamma) | 1)


# %% wrong="writes 2 instead of gamma" hint="`gamma` has no effect"
def eca_kernel(channels, gamma=2, b=1):
    return int((math.log2(channels) + b) / 2) | 1


# %% wrong="writes 1 instead of b" hint="`b` has no effect"
def eca_kernel(channels, gamma=2, b=1):
    return int((math.log2(channels) + 1) / gamma) | 1


# %% wrong="one channel breaks it" hint="other widths, gamma or b"
def eca_kernel(channels, gamma=2, b=1):
    return int((math.log2(channels) + b) / gamma) | 1 if channels > 1 else 3


# %% wrong="adds b behind the division" hint="not divided by gamma"
def eca_kernel(channels, gamma=2, b=1):
    return int(math.log2(channels) / gamma + b) | 1
