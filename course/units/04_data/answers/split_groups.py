# %% right="sorts groups by a random number"
def split_groups(groups, share, seed):
    generator, counts = random.Random(seed), Counter(groups)
    order = sorted(counts, key=lambda group: generator.random())
    chosen, room = set(), round(share * len(groups))
    for group in order:
        if counts[group] <= room:
            chosen.add(group)
            room -= counts[group]
    val = [index for index, group in enumerate(groups) if group in chosen]
    return [index for index, group in enumerate(groups) if group not in chosen], val


# %% right="fills val until it has enough"
def split_groups(groups, share, seed):
    order = sorted(set(groups))
    np.random.default_rng(seed).shuffle(order)
    val = []
    while order and abs(len(val) + groups.count(order[-1]) - share * len(groups)) < abs(len(val) - share * len(groups)):
        group = order.pop()
        val += [index for index, each in enumerate(groups) if each == group]
    if not val:
        smallest = min(order, key=groups.count)
        val = [index for index, each in enumerate(groups) if each == smallest]
    return [index for index in range(len(groups)) if index not in val], val


# %% wrong="seeds, and forgets the groups" hint="`walk 0` is on both sides"
def split_groups(groups, share, seed):
    order = list(range(len(groups)))
    random.Random(seed + 1).shuffle(order)
    count = round(share * len(groups))
    return order[count:], order[:count]


# %% wrong="gives groups, not pictures" hint="not names of groups"
def split_groups(groups, share, seed):
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    count = round(share * len(names))
    return names[count:], names[:count]


# %% wrong="takes a share of the groups" hint="a share of the groups is no share of the pictures"
def split_groups(groups, share, seed):
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    chosen = set(names[: round(share * len(names))])
    val = [index for index, group in enumerate(groups) if group in chosen]
    return [index for index, group in enumerate(groups) if group not in chosen], val


# %% wrong="one picture a group" hint="pictures are on neither side"
def split_groups(groups, share, seed):
    first = list({group: index for index, group in reversed(list(enumerate(groups)))}.values())
    random.Random(seed).shuffle(first)
    count = round(share * len(first))
    return first[count:], first[:count]


# %% wrong="lets val be empty" hint="val is empty"
def split_groups(groups, share, seed):
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    val = []
    for name in names:
        own = [index for index, group in enumerate(groups) if group == name]
        if len(val) + len(own) > share * len(groups):
            break
        val += own
    return [index for index in range(len(groups)) if index not in val], val


# %% wrong="shuffles with whatever the program has" hint="the same seed gave another split"
def split_groups(groups, share, seed):
    names, val = sorted(set(groups)), []
    random.SystemRandom().shuffle(names)
    for name in names:
        own = [index for index, group in enumerate(groups) if group == name]
        if len(val) + len(own) <= round(share * len(groups)):
            val += own
    return [index for index in range(len(groups)) if index not in val], val


# %% wrong="never shuffles" hint="four seeds gave one and the same split"
def split_groups(groups, share, seed):
    val = []
    for name in sorted(set(groups)):
        own = [index for index, group in enumerate(groups) if group == name]
        if len(val) + len(own) <= round(share * len(groups)):
            val += own
    return [index for index in range(len(groups)) if index not in val], val


# %% wrong="seeds the whole program" hint="random numbers of the whole program"
def split_groups(groups, share, seed):
    names, val = sorted(set(groups)), []
    random.seed(seed)
    random.shuffle(names)
    for name in names:
        own = [index for index, group in enumerate(groups) if group == name]
        if len(val) + len(own) <= round(share * len(groups)):
            val += own
    return [index for index in range(len(groups)) if index not in val], val
