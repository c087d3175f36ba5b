# %% right="a dict by row number, make_divisible from Ultralytics"
from ultralytics.utils.ops import make_divisible


def channel_table(rows, width, max_channels, image=3):
    channels = {-1: image}
    for number, (source, _, module, args) in enumerate(rows):
        wanted = [each + number if each < 0 else each for each in ([source] if isinstance(source, int) else source)]
        if module in SCALED:
            channels[number] = make_divisible(min(args[0], max_channels) * width, 8)
        else:
            channels[number] = sum(channels[each] for each in wanted)
    return [channels[number] for number in range(len(rows))]


# %% right="recursion, whole numbers of eights"
def channel_table(rows, width, max_channels, image=3):
    def gives(number):
        if number < 0:
            return image
        source, _, module, args = rows[number]
        if module in SCALED:
            wish = (args[0] if args[0] < max_channels else max_channels) * width
            return int(-(-wish // 8) * 8)
        sources = [source] if isinstance(source, int) else source
        read = [gives(each if each >= 0 else number + each) for each in sources]
        return sum(read) if module == "Concat" else read[0]

    return [gives(number) for number in range(len(rows))]


# %% wrong="takes what is written" hint="the width of the scale changes nothing"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        given.append(sum(read) if module == "Concat" else min(args[0], max_channels) if module in SCALED else read[0])
    return given


# %% wrong="does not round" hint="not every number of channels"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        scaled = int(min(args[0], max_channels) * width) if module in SCALED else 0
        given.append(sum(read) if module == "Concat" else scaled or read[0])
    return given


# %% wrong="rounds to the nearest multiple" hint="the wrong way"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        scaled = 8 * round(min(args[0], max_channels) * width / 8) if module in SCALED else 0
        given.append(sum(read) if module == "Concat" else scaled or read[0])
    return given


# %% wrong="always goes to the next multiple" hint="was rounded to the next one"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        wish = min(args[0], max_channels) * width if module in SCALED else 0
        scaled = 8 * (int(wish // 8) + 1) if wish != 32 else 32
        given.append(sum(read) if module == "Concat" else scaled if module in SCALED else read[0])
    return given


# %% wrong="forgets the limit" hint="max_channels changes nothing"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        scaled = 8 * math.ceil(args[0] * width / 8) if module in SCALED else 0
        given.append(sum(read) if module == "Concat" else scaled or read[0])
    return given


# %% wrong="limits after the width" hint="applied to what is built"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        scaled = 8 * math.ceil(min(args[0] * width, max_channels) / 8) if module in SCALED else 0
        given.append(sum(read) if module == "Concat" else scaled or read[0])
    return given


# %% wrong="takes the first argument of every module" hint="3 is the kernel"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else image for each in (source if isinstance(source, list) else [source])]
        if module == "Concat":
            given.append(sum(read))
        elif args and isinstance(args[0], int):
            given.append(8 * math.ceil(min(args[0], max_channels) * width / 8))
        else:
            given.append(read[0])
    return given


# %% wrong="takes the first of what a Concat reads" hint="the second one is lost"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        first = source[0] if isinstance(source, list) else source
        read = given[first] if given else image
        given.append(8 * math.ceil(min(args[0], max_channels) * width / 8) if module in SCALED else read)
    return given


# %% wrong="takes 0 for the row before" hint="is row 0, not the row before"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        sources = [each or -1 for each in (source if isinstance(source, list) else [source])]
        read = [given[each] if given else image for each in sources]
        scaled = 8 * math.ceil(min(args[0], max_channels) * width / 8) if module in SCALED else 0
        given.append(sum(read) if module == "Concat" else scaled or read[0])
    return given


# %% wrong="reads the row before, always" hint="-3 is not the row before"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        before = given[-1] if given else image
        if module == "Concat":
            given.append(sum(given[each] for each in source))
        else:
            given.append(8 * math.ceil(min(args[0], max_channels) * width / 8) if module in SCALED else before)
    return given


# %% wrong="is sure that images are in colour" hint="grey image"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = [given[each] if given else 3 for each in (source if isinstance(source, list) else [source])]
        scaled = 8 * math.ceil(min(args[0], max_channels) * width / 8) if module in SCALED else 0
        given.append(sum(read) if module == "Concat" else scaled or read[0])
    return given


# %% wrong="writes into the rows" hint="changes the rows"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for row in rows:
        if isinstance(row[0], int):
            row[0] = [row[0]]
        read = [given[each] if given else image for each in row[0]]
        if row[2] in SCALED:
            row[3][0] = 8 * math.ceil(min(row[3][0], max_channels) * width / 8)
        given.append(sum(read) if row[2] == "Concat" else row[3][0] if row[2] in SCALED else read[0])
    return given


# %% wrong="adds up to two sources at most" hint="some rows differ"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        sources = source if isinstance(source, list) else [source]
        read = [given[each] if given else image for each in sources]
        scaled = 8 * math.ceil(min(args[0], max_channels) * width / 8) if module in SCALED else 0
        given.append(read[0] + read[1] if module == "Concat" else scaled or read[0])
    return given


# %% wrong="indexes with a list" hint="TypeError" outcome="raised"
def channel_table(rows, width, max_channels, image=3):
    given = []
    for source, _, module, args in rows:
        read = given[source] if given else image
        given.append(8 * math.ceil(min(args[0], max_channels) * width / 8) if module in SCALED else read)
    return given
