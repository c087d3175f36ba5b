# %% right="deals out one picture at a time, to whoever needs it most"
def stratified_split(classes, share, seed):
    generator = random.Random(seed)
    shown = [set(each) or {None} for each in classes]
    sides = [1 - share, share]
    need = [{kind: part * sum(kind in each for each in shown) for kind in set().union(*shown)} for part in sides]
    room = [part * len(classes) for part in sides]
    left, result = set(range(len(classes))), ([], [])
    while left:
        counts = Counter(kind for index in left for kind in shown[index])
        rarest = min(counts, key=lambda kind: (counts[kind], str(kind)))
        own = sorted(index for index in left if rarest in shown[index])
        generator.shuffle(own)
        for index in own:
            side = max((0, 1), key=lambda side: (need[side][rarest], room[side]))
            result[side].append(index)
            room[side] -= 1
            for kind in shown[index]:
                need[side][kind] -= 1
            left.discard(index)
    return result


# %% right="tries seeds until a split is good"
def stratified_split(classes, share, seed):
    generator, best = random.Random(seed), None
    shown = np.array([[kind in each for kind in range(10)] for each in classes]).reshape(len(classes), 10)
    count = round(share * len(classes))
    for _ in range(4000):
        val = generator.sample(range(len(classes)), count)
        off = np.abs(shown[val].sum(0) - share * shown.sum(0)).max()
        if best is None or off < best[0]:
            best = off, val
        if off < 1:
            break
    val = sorted(best[1])
    return [index for index in range(len(classes)) if index not in set(val)], val


# %% wrong="shuffles and cuts" hint="by chance"
def stratified_split(classes, share, seed):
    order = list(range(len(classes)))
    random.Random(seed).shuffle(order)
    count = round(share * len(order))
    return order[count:], order[:count]


# %% wrong="a picture goes into val once for each of its classes" hint="twice on one side"
def stratified_split(classes, share, seed):
    generator, val = random.Random(seed), []
    for kind in sorted({kind for each in classes for kind in each}):
        own = [index for index, each in enumerate(classes) if kind in each]
        val += generator.sample(own, round(share * len(own)))
    return [index for index in range(len(classes)) if index not in val], val


# %% wrong="a split for each class" hint="on both sides"
def stratified_split(classes, share, seed):
    generator, train, val = random.Random(seed), set(), set()
    for kind in sorted({kind for each in classes for kind in each}):
        own = [index for index, each in enumerate(classes) if kind in each]
        generator.shuffle(own)
        count = round(share * len(own))
        val |= set(own[:count])
        train |= set(own[count:])
    return list(train), list(val)


# %% wrong="each class by itself, without doubles" hint="several classes at once"
def stratified_split(classes, share, seed):
    generator, val = random.Random(seed), set()
    for kind in sorted({kind for each in classes for kind in each}):
        own = [index for index, each in enumerate(classes) if kind in each]
        val |= set(generator.sample(own, round(share * len(own))))
    return [index for index in range(len(classes)) if index not in val], sorted(val)


# %% wrong="forgets pictures that show nothing" hint="they are background, and needed"
def stratified_split(classes, share, seed):
    shown = [set(each) for each in classes]
    left = [index for index, each in enumerate(shown) if each]
    random.Random(seed).shuffle(left)
    counts, train, val = Counter(kind for each in shown for kind in each), [], []
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind)):
        wanted = max(0, round(share * counts[kind]) - sum(kind in shown[index] for index in val))
        own = [index for index in left if kind in shown[index]]
        val += own[:wanted]
        train += own[wanted:]
        left = [index for index in left if kind not in shown[index]]
    return train, val


# %% wrong="gives train in place of val" hint="train and val have changed places"
def stratified_split(classes, share, seed):
    shown = [set(each) for each in classes]
    left = list(range(len(classes)))
    random.Random(seed).shuffle(left)
    counts, train, val = Counter(kind for each in shown for kind in each), [], []
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind)):
        wanted = max(0, round(share * counts[kind]) - sum(kind in shown[index] for index in val))
        own = [index for index in left if kind in shown[index]]
        val += own[:wanted]
        train += own[wanted:]
        left = [index for index in left if kind not in shown[index]]
    missing = max(0, round(share * len(classes)) - len(val))
    return [*val, *left[:missing]], [*train, *left[missing:]]


# %% wrong="gives the pictures' classes" hint="indices were asked for"
def stratified_split(classes, share, seed):
    order = list(classes)
    random.Random(seed).shuffle(order)
    count = round(share * len(order))
    return order[count:], order[:count]


# %% wrong="does not use the seed" hint="the same seed gave another split"
def stratified_split(classes, share, seed):
    shown = [set(each) for each in classes]
    left = list(range(len(classes)))
    random.SystemRandom().shuffle(left)
    counts, train, val = Counter(kind for each in shown for kind in each), [], []
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind)):
        wanted = max(0, round(share * counts[kind]) - sum(kind in shown[index] for index in val))
        own = [index for index in left if kind in shown[index]]
        val += own[:wanted]
        train += own[wanted:]
        left = [index for index in left if kind not in shown[index]]
    missing = max(0, round(share * len(classes)) - len(val))
    return [*train, *left[missing:]], [*val, *left[:missing]]


# %% wrong="never shuffles" hint="another seed gives the same split"
def stratified_split(classes, share, seed):
    shown = [set(each) for each in classes]
    left = list(range(len(classes)))
    counts, train, val = Counter(kind for each in shown for kind in each), [], []
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind)):
        wanted = max(0, round(share * counts[kind]) - sum(kind in shown[index] for index in val))
        own = [index for index in left if kind in shown[index]]
        val += own[:wanted]
        train += own[wanted:]
        left = [index for index in left if kind not in shown[index]]
    missing = max(0, round(share * len(classes)) - len(val))
    return [*train, *left[missing:]], [*val, *left[:missing]]


# %% wrong="seeds the whole program" hint="random numbers of the whole program"
def stratified_split(classes, share, seed):
    random.seed(seed)
    shown = [set(each) for each in classes]
    left = list(range(len(classes)))
    random.shuffle(left)
    counts, train, val = Counter(kind for each in shown for kind in each), [], []
    for kind in sorted(counts, key=lambda kind: (counts[kind], kind)):
        wanted = max(0, round(share * counts[kind]) - sum(kind in shown[index] for index in val))
        own = [index for index in left if kind in shown[index]]
        val += own[:wanted]
        train += own[wanted:]
        left = [index for index in left if kind not in shown[index]]
    missing = max(0, round(share * len(classes)) - len(val))
    return [*train, *left[missing:]], [*val, *left[:missing]]
