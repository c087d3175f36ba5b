# %% right="sides of a very large image, divided at the end"
from fractions import Fraction


def stride_table(rows):
    sides = []
    for number, (source, _, module, args) in enumerate(rows):
        sources = [source] if isinstance(source, int) else source
        read = {sides[each if each >= 0 else number + each] if number else Fraction(1) for each in sources}
        if len(read) != 1:
            raise ValueError("sizes differ")
        side = read.pop()
        if module == "nn.Upsample":
            side *= args[1]
        elif module == "DualPathDownsample":
            side /= 2
        elif module in STRIDE_AT:
            side /= dict(enumerate(args)).get(STRIDE_AT[module], 1)
        sides.append(side)
    return [float(1 / side) for side in sides]


# %% right="exponents of two"
def stride_table(rows):
    powers = []
    for source, _, module, args in rows:
        read = [powers[each] if powers else 0 for each in (source if isinstance(source, list) else [source])]
        if min(read) != max(read):
            raise ValueError(f"maps of strides {[2**each for each in read]}")
        at = STRIDE_AT.get(module)
        step = math.log2(args[at]) if at is not None and at < len(args) else 0
        step += (module == "DualPathDownsample") - (math.log2(args[1]) if module == "nn.Upsample" else 0)
        powers.append(read[0] + step)
    return [2**power for power in powers]


# %% wrong="gives each row's own stride" hint="each row's own stride"
def stride_table(rows):
    return [row[3][STRIDE_AT[row[2]]] if len(row[3]) > STRIDE_AT.get(row[2], 9) else 1 for row in rows]


# %% wrong="adds instead of multiplying" hint="not a sixth"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 0 for each in (source if isinstance(source, list) else [source])]
        strides.append(read[0] + (args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 0))
    return strides


# %% wrong="reads the kernel" hint="you read the kernel"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        strides.append(read[0] * (args[1] if module in STRIDE_AT else 1))
    return strides


# %% wrong="says shares of the image" hint="is its inverse"
def stride_table(rows):
    shares = []
    for source, _, module, args in rows:
        read = [shares[each] if shares else 1 for each in (source if isinstance(source, list) else [source])]
        shares.append(read[0] / (args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1))
    return shares


# %% wrong="forgets that row 0 halves" hint="row 0 halves the image already"
def stride_table(rows):
    strides = []
    for _, _, module, args in rows:
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(strides[-1] * factor if strides else 1)
    return strides


# %% wrong="looks for every stride where a Conv has it" hint="is not where a Conv has it"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        strides.append(read[0] * (args[2] if module in STRIDE_AT and len(args) > 2 else 1))
    return strides


# %% wrong="knows Conv and pooling only" hint="elsewhere than a Conv"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        factor = {"Conv": args[2:3], "nn.MaxPool2d": args[1:2]}.get(module) or [1]
        strides.append(read[0] * factor[0])
    return strides


# %% wrong="does not know that the block halves" hint="without being told"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        if len(set(read)) > 1:
            raise ValueError(read)
        factor = 1 / args[1] if module == "nn.Upsample" else 1
        if len(args) > STRIDE_AT.get(module, 9):
            factor = args[STRIDE_AT[module]]
        strides.append(read[0] * factor)
    return strides


# %% wrong="passes Upsample by" hint="changes the size of the map"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        if len(set(read)) > 1:
            raise ValueError(read)
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(read[0] * (2 if module == "DualPathDownsample" else factor))
    return strides


# %% wrong="multiplies at Upsample, too" hint="is less of the image"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        if len(set(read)) > 1:
            raise ValueError(read)
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(read[0] * {"DualPathDownsample": 2, "nn.Upsample": 2}.get(module, factor))
    return strides


# %% wrong="adds strides up at a Concat" hint="none gets smaller"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(sum(read) * {"DualPathDownsample": 2, "nn.Upsample": 0.5}.get(module, factor))
    return strides


# %% wrong="joins anything" hint="stride 4 and 8 were joined"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(read[0] * {"DualPathDownsample": 2, "nn.Upsample": 0.5}.get(module, factor))
    return strides


# %% wrong="reads the row before, unless it joins" hint="reads row 0"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [-1])]
        if len(set(read)) > 1:
            raise ValueError(read)
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(read[0] * {"DualPathDownsample": 2, "nn.Upsample": 0.5}.get(module, factor))
    return strides


# %% wrong="compares the first two maps alone" hint="three maps were joined"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        if len(read) > 1 and read[0] != read[1]:
            raise ValueError(read)
        if len(read) == 3 and read[0] != read[2]:
            read = read[:1]
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(
            read[0] * (1 / args[1] if module == "nn.Upsample" else factor if module != "DualPathDownsample" else 2)
        )
    return strides


# %% wrong="halves at Upsample, whatever its factor" hint="factors other than 2"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        if len(set(read)) > 1:
            raise ValueError(read)
        factor = args[STRIDE_AT[module]] if len(args) > STRIDE_AT.get(module, 9) else 1
        strides.append(read[0] * {"DualPathDownsample": 2, "nn.Upsample": 0.5}.get(module, factor))
    return strides


# %% wrong="expects a stride in every row" hint="IndexError" outcome="raised"
def stride_table(rows):
    strides = []
    for source, _, module, args in rows:
        read = [strides[each] if strides else 1 for each in (source if isinstance(source, list) else [source])]
        strides.append(read[0] * (args[STRIDE_AT[module]] if module in STRIDE_AT else 1))
    return strides
