# %% right="counts eights with floor division"
def scaled_channels(c2, width, max_channels=math.inf):
    if c2 > max_channels:
        c2 = max_channels
    return int(-(-(c2 * width) // 8)) * 8


# %% right="goes up in steps of eight"
def scaled_channels(c2, width, max_channels=math.inf):
    asked, channels = min(c2, max_channels) * width, 8
    while channels < asked:
        channels += 8
    return channels


# %% wrong="only multiplies" hint="25 is no multiple of 8"
def scaled_channels(c2, width, max_channels=math.inf):
    return int(min(c2, max_channels) * width)


# %% wrong="rounds to the nearest" hint="got fewer"
def scaled_channels(c2, width, max_channels=math.inf):
    return max(8, round(min(c2, max_channels) * width / 8) * 8)


# %% wrong="caps after the factor" hint="not for the scaled number"
def scaled_channels(c2, width, max_channels=math.inf):
    return math.ceil(min(c2 * width, max_channels) / 8) * 8


# %% wrong="forgets the limit" hint="does nothing"
def scaled_channels(c2, width, max_channels=math.inf):
    return math.ceil(c2 * width / 8) * 8


# %% wrong="always adds one more eight" hint="a multiple of 8 already"
def scaled_channels(c2, width, max_channels=math.inf):
    return int(min(c2, max_channels) * width // 8 + 1) * 8


# %% wrong="gives a float" hint="no float"
def scaled_channels(c2, width, max_channels=math.inf):
    return math.ceil(min(c2, max_channels) * width / 8) * 8.0


# %% wrong="takes the next power of two" hint="no more than that"
def scaled_channels(c2, width, max_channels=math.inf):
    return max(8, 2 ** math.ceil(math.log2(min(c2, max_channels) * width)))


# %% wrong="calls the library" hint="your own"
def scaled_channels(c2, width, max_channels=math.inf):
    return make_divisible(min(c2, max_channels) * width, 8)


# %% wrong="divides by the factor" hint="narrower, not wider"
def scaled_channels(c2, width, max_channels=math.inf):
    return math.ceil(min(c2, max_channels) / width / 8) * 8


# %% wrong="rounds up to fours" hint="26 is even"
def scaled_channels(c2, width, max_channels=math.inf):
    return max(8, math.ceil(min(c2, max_channels) * width / 2) * 2)
