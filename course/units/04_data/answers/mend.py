# %% right="asks for the letters that names share"
def mend(found):
    if found["crowd"] == 1:
        return None

    def likeness(name):
        return sum((Counter(name) & Counter(found["name"].lower())).values()) - abs(
            len(name) - len(found["name"].strip())
        )

    name = max(NAMES, key=likeness)
    if found["file"][:3] == "b3_" and name != "circle":
        name = "square" if name == "triangle" else "triangle"
    x1, y1, x2, y2 = found["box"]
    if found["file"][:3] == "b2_":
        x2, y2 = x2 - x1, y2 - y1
    x1, x2, y1, y2 = min(x1, x2), max(x1, x2), min(y1, y2), max(y1, y2)
    box = yolo_course.boxes.clip(torch.tensor([x1, y1, x2, y2]).double(), tuple(found["size"][::-1])).tolist()
    if box[2] - box[0] < 2 or box[3] - box[1] < 2:
        return None
    return (name, *box)


# %% right="a table of slips, numpy for the box"
def mend(found):
    word = found["name"].strip().lower()
    name = {"c": "circle", "s": "square", "t": "triangle"}[word[0]]
    swap = dict(zip(NAMES, ["circle", "triangle", "square"], strict=True))
    if found["file"].startswith("b3_"):
        name = swap[name]
    box = np.array(found["box"], dtype=float)
    if found["file"].startswith("b2_"):
        box[2:] -= box[:2]
    first, last = np.minimum(box[:2], box[2:]), np.maximum(box[:2], box[2:])
    first, last = np.clip(first, 0, found["size"]), np.clip(last, 0, found["size"])
    if found["crowd"] or (last - first).min() < 2:
        return None
    return [name, *first.tolist(), *last.tolist()]


# %% wrong="compares names as they are" hint="dropped, although its name can be mended: capitals"
def mend(found):
    if found["crowd"] or found["name"] not in NAMES:
        return None
    left, top, right, bottom = found["box"]
    return [found["name"], left, top, right, bottom]


# %% wrong="forgets the blanks" hint="dropped, although its name can be mended: blanks"
def mend(found):
    name = found["name"].lower()
    if found["crowd"] or name not in NAMES:
        return None
    return [name, *found["box"]]


# %% wrong="knows no slips" hint="dropped, although its name can be mended: a plural"
def mend(found):
    name = found["name"].strip().lower()
    if found["crowd"] or name not in NAMES:
        return None
    return [name, *found["box"]]


# %% wrong="cuts a plural and knows no slips" hint="dropped, although its name can be mended: a letter"
def mend(found):
    name = found["name"].strip().lower().rstrip("s")
    if found["crowd"] or name not in NAMES:
        return None
    return [name, *found["box"]]


# %% wrong="leaves the names of delivery 3" hint="is still called a square"
def mend(found):
    if found["crowd"]:
        return None
    return [get_close_matches(found["name"].strip().lower(), NAMES, 1)[0], *found["box"]]


# %% wrong="exchanges in one direction" hint="a triangle of delivery 3 is still a triangle"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3") and name == "square":
        name = "triangle"
    return [name, *found["box"]]


# %% wrong="exchanges everywhere" hint="a square that was written as a square is no longer one"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    return [{"square": "triangle", "triangle": "square"}.get(name, name), *found["box"]]


# %% wrong="looks for a 3 anywhere in the file's name" hint="names were exchanged outside of delivery 3"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if "3" in found["file"]:
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    return [name, *found["box"]]


# %% wrong="drops swapped corners" hint="nothing is lost, the box can be saved"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    return [name, left, top, right, bottom] if right - left >= 2 and bottom - top >= 2 else None


# %% wrong="leaves swapped corners" hint="are still where they were"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    return [name, *found["box"]]


# %% wrong="swaps both corners or none" hint="only left and right have changed places"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if left > right and top > bottom:
        left, top, right, bottom = right, bottom, left, top
    return [name, left, top, right, bottom]


# %% wrong="leaves delivery 2" hint="the box is still as it was read"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    return [name, min(left, right), min(top, bottom), max(left, right), max(top, bottom)]


# %% wrong="adds the corner once more" hint="the corner was added once more"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = left + right, top + bottom
    return [name, min(left, right), min(top, bottom), max(left, right), max(top, bottom)]


# %% wrong="clips first" hint="clipped before its corners were mended"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    (left, right), (top, bottom) = sorted(found["box"][::2]), sorted(found["box"][1::2])
    left, top = max(left, 0), max(top, 0)
    right, bottom = min(right, found["size"][0]), min(bottom, found["size"][1])
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    return [name, left, top, right, bottom] if min(right - left, bottom - top) >= 2 else None


# %% wrong="keeps crowds" hint="a crowd is still there"
def mend(found):
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    return [name, min(left, right), min(top, bottom), max(left, right), max(top, bottom)]


# %% wrong="drops what reaches beyond the picture" hint="most of it can be saved"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    if left < 0 or top < 0 or right > found["size"][0] or bottom > found["size"][1]:
        return None
    return [name, left, top, right, bottom] if min(right - left, bottom - top) >= 2 else None


# %% wrong="cuts at a square" hint="you cut at its width"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    limit = found["size"][0]
    left, top, right, bottom = (
        max(left, 0),
        max(top, 0),
        min(right, limit),
        min(bottom + 8, limit) if bottom > limit else bottom,
    )
    if bottom > found["size"][1]:
        bottom = limit
    return [name, left, top, right, bottom] if min(right - left, bottom - top) >= 2 else None


# %% wrong="cuts at the right and below only" hint="begins beyond the left border"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    right, bottom = min(right, found["size"][0]), min(bottom, found["size"][1])
    return [name, left, top, right, bottom] if min(right - left, bottom - top) >= 2 else None


# %% wrong="keeps boxes without area" hint="a box without width is still there"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    right, bottom = min(right, found["size"][0]), min(bottom, found["size"][1])
    return [name, max(left, 0), max(top, 0), right, bottom]


# %% wrong="asks for an area, not for 2 px" hint="less than 2 px are left"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, found["size"][0]), min(bottom, found["size"][1])
    return [name, left, top, right, bottom] if right > left and bottom > top else None


# %% wrong="measures before it cuts" hint="a box beside the picture is still there"
def mend(found):
    if found["crowd"]:
        return None
    name = get_close_matches(found["name"].strip().lower(), NAMES, 1)[0]
    if found["file"].startswith("b3"):
        name = {"square": "triangle", "triangle": "square"}.get(name, name)
    left, top, right, bottom = found["box"]
    if found["file"].startswith("b2"):
        right, bottom = right - left, bottom - top
    (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
    if min(right - left, bottom - top) < 2:
        return None
    return [name, max(left, 0), max(top, 0), min(right, found["size"][0]), min(bottom, found["size"][1])]
