# %% right="a function for each rule"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    extra = [d.get("reg_max", 16), d.get("end2end")]

    def wide(c2):
        return make_divisible(min(c2, most) * width, 8)

    calls = {
        "scaled": lambda read, n, args: (n, [read[0], wide(args[0]), *args[1:]], wide(args[0])),
        "stacked": lambda read, n, args: (1, [read[0], wide(args[0]), n, *args[1:]], wide(args[0])),
        "plain": lambda read, n, args: (n, args, read[0]),
        "concat": lambda read, n, args: (n, args, sum(read)),
        "head": lambda read, n, args: (n, [*args, *extra, read], read[0]),
    }
    gives, layers, save = {-1: ch}, nn.Sequential(), set()
    for number, (source, repeats, name, args) in enumerate([*d["backbone"], *d["head"]]):
        absolute = [each if each >= 0 else number + each for each in ([source] if isinstance(source, int) else source)]
        cls, rule = find(name)
        read = [gives[each] for each in absolute]
        times, call, gives[number] = calls[rule](read, scaled_repeats(repeats, depth), resolved(args, d["nc"]))
        layer = cls(*call) if times == 1 else nn.Sequential(*[cls(*call) for _ in range(times)])
        layer.i, layer.f = number, source
        layers.append(layer)
        given = [source] if isinstance(source, int) else source
        save |= {to for to, each in zip(absolute, given, strict=True) if each != -1}
    return layers, sorted(save)


# %% right="keeps the widths on the layers and goes by match"
def mini_parse_model(d, ch, find):
    factors = d["scales"][d["scale"]]
    layers, save = [], []

    def gives(index):
        return layers[index].gives if layers else ch

    for source, n, name, args in d["backbone"] + d["head"]:
        cls, rule = find(name)
        read = source if isinstance(source, list) else [source]
        n, args, c1 = scaled_repeats(n, factors[0]), resolved(args, d["nc"]), gives(read[0])
        c2 = c1
        match rule:
            case "scaled" | "stacked":
                c2 = scaled_channels(args.pop(0), factors[1], factors[2])
                args = [c1, c2, n, *args] if rule == "stacked" else [c1, c2, *args]
            case "concat":
                c2 = sum(map(gives, read))
            case "head":
                args = [*args, d.get("reg_max", 16), d.get("end2end", False), list(map(gives, read))]
        copies = 1 if rule == "stacked" else n
        built = [cls(*args) for _ in range(copies)]
        layer = built[0] if copies == 1 else nn.Sequential(*built)
        layer.i, layer.f, layer.gives = len(layers), source, c2
        save.extend(each if each >= 0 else len(layers) + each for each in read if each != -1)
        layers.append(layer)
    save.sort()
    return [nn.Sequential(*layers), save]


# %% wrong="adds no c1" hint="its own width for the channels it reads"
def mini_parse_model(d, ch, find):
    _depth, _width, _most = d["scales"][d["scale"]]
    layers, save = [], []
    for i, (source, _n, name, args) in enumerate(d["backbone"] + d["head"]):
        cls, _rule = find(name)
        layer = cls(*resolved(args, d["nc"]))
        layer.i, layer.f = i, source
        layers.append(layer)
    return nn.Sequential(*layers), save


# %% wrong="gives every row the picture's channels" hint="for the channels of the picture"
def mini_parse_model(d, ch, find):
    _depth, width, most = d["scales"][d["scale"]]
    layers, save = [], []
    for i, (source, _n, name, args) in enumerate(d["backbone"] + d["head"]):
        cls, _rule = find(name)
        args = resolved(args, d["nc"])
        layer = cls(ch, make_divisible(min(args[0], most) * width, 8), *args[1:])
        layer.i, layer.f = i, source
        layers.append(layer)
    return nn.Sequential(*layers), save


# %% wrong="does not scale the widths" hint="no effect on the widths"
def mini_parse_model(d, ch, find):
    depth, _width, _most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = args[0]
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="remembers the widths of the file" hint="not what row 0 really gives"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = args[0]
            args[:1] = [inputs[0], make_divisible(min(c2, most) * width, 8)]
        layer = cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
    return nn.Sequential(*layers), sorted(save)


# %% wrong="caps after the factor" hint="1000 channels at most 512"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        inputs = [channels[source] if i else ch]
        (cls, _rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = make_divisible(min(args[0] * width, most), 8)
        layer = cls(inputs[0], c2, *args[1:])
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
    return nn.Sequential(*layers), sorted(save)


# %% wrong="hands n over and repeats as well" hint="*and* was repeated"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = make_divisible(min(args[0], most) * width, 8)
        args = [inputs[0], c2, n, *args[1:]] if rule == "stacked" else [inputs[0], c2, *args[1:]]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
    return nn.Sequential(*layers), sorted(save)


# %% wrong="does not scale the repeats" hint="were not scaled"
def mini_parse_model(d, ch, find):
    _depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args = find(name), resolved(args, d["nc"])
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
    return nn.Sequential(*layers), sorted(save)


# %% wrong="appends n at the end" hint="as the third argument"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = make_divisible(min(args[0], most) * width, 8)
        args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.append(n)
            n = 1
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
    return nn.Sequential(*layers), sorted(save)


# %% wrong="treats Concat as plain" hint="the next row expects 24"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="forgets what `run` needs" hint="lacks its `i`"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layers.append(nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args))
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="saves the layer before as well" hint="needs no place"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += sources
    return nn.Sequential(*layers), sorted(save)


# %% wrong="saves the rows that read" hint="not the rows that read"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        if sources != [-1]:
            save.append(i)
    return nn.Sequential(*layers), sorted(save)


# %% wrong="saves negative numbers" hint="a `from` of -2"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="writes on the file's rows" hint="would come out different"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), n = find(name), scaled_repeats(n, depth)
        for j, each in enumerate(resolved(args, d["nc"])):
            args[j] = each
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = args[0] = make_divisible(min(args[0], most) * width, 8)
            args.insert(0, inputs[0])
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="always means 16 by reg_max" hint="another `reg_max`"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [16, d.get("end2end"), inputs]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="repeats one and the same layer" hint="one and the same layer"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else ch for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layer = nn.Sequential(*[cls(*args)] * n) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)


# %% wrong="takes every picture for one in colour" hint="another number of channels than 3"
def mini_parse_model(d, ch, find):
    depth, width, most = d["scales"][d["scale"]]
    layers, channels, save = [], [], []
    for i, (source, n, name, args) in enumerate(d["backbone"] + d["head"]):
        sources = source if isinstance(source, list) else [source]
        inputs = [channels[each] if i else 3 for each in sources]
        (cls, rule), args, n = find(name), resolved(args, d["nc"]), scaled_repeats(n, depth)
        c2 = sum(inputs) if rule == "concat" else inputs[0]
        if rule in ("scaled", "stacked"):
            c2 = make_divisible(min(args[0], most) * width, 8)
            args[:1] = [inputs[0], c2]
        if rule == "stacked":
            args.insert(2, n)
            n = 1
        if rule == "head":
            args += [d.get("reg_max", 16), d.get("end2end"), inputs]
        layer = nn.Sequential(*(cls(*args) for _ in range(n))) if n > 1 else cls(*args)
        layer.i, layer.f = i, source
        layers.append(layer)
        channels.append(c2)
        save += [each % i for each in sources if each != -1]
    return nn.Sequential(*layers), sorted(save)
