# %% right="tensors for the arithmetic"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    if size is None:
        size = [int(root.find("size").find(side).text) for side in ("width", "height")]
    if min(size) < 1:
        raise ValueError("no size")
    rows = []
    for item in root.findall("object"):
        box = item.find("bndbox")
        corners = torch.tensor([[float(box.find(side).text) for side in ("xmin", "ymin", "xmax", "ymax")]]).double()
        shares = torchvision.ops.box_convert(corners, "xyxy", "cxcywh") / torch.tensor([*size, *size])
        rows.append([names.index(item.find("name").text), *shares[0].tolist()])
    return rows


# %% right="walks through the children and gives tuples"
def voc_to_yolo(xml, names, size=None):
    numbers, rows = {name: number for number, name in enumerate(names)}, []
    root = ElementTree.fromstring(xml)
    width = float(root.findtext("size/width") if size is None else size[0])
    height = float(root.findtext("size/height") if size is None else size[1])
    if not (width > 0 and height > 0):
        raise ValueError("width and height must be above 0")
    for item in root:
        if item.tag != "object":
            continue
        if item.findtext("name") not in numbers:
            raise ValueError("unknown class")
        at = {side.tag: float(side.text) for side in item.find("bndbox")}
        x, y = at["xmin"] + at["xmax"], at["ymin"] + at["ymax"]
        w, h = at["xmax"] - at["xmin"], at["ymax"] - at["ymin"]
        rows.append((numbers[item.findtext("name")], x / 2 / width, y / 2 / height, w / width, h / height))
    return rows


# %% wrong="writes the corner where the centre belongs" hint="the corner stands where the centre belongs"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [left / width, top / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="leaves pixels" hint="shares of the picture end at 1"
def voc_to_yolo(xml, names, size=None):
    root, rows = ElementTree.fromstring(xml), []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="normalises by the wrong sides" hint="width and height have changed places"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    height, width = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="divides everything by the width" hint="on square pictures nobody would notice"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    side = size[0] if size else int(root.findtext("size/width"))
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / side, (top + bottom) / 2 / side, (right - left) / side, (bottom - top) / side]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="writes xyxy into a YOLO file" hint="still a corner, not a width"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        rows.append([names.index(item.findtext("name")), left / width, top / height, right / width, bottom / height])
    return rows


# %% wrong="lets class numbers start at 1" hint="class numbers start at 0"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")) + 1, *box])
    return rows


# %% wrong="numbers classes as they come" hint="is not class 0"
def voc_to_yolo(xml, names, size=None):
    root, seen = ElementTree.fromstring(xml), []
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        name = item.findtext("name")
        if name not in seen:
            seen.append(name)
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([seen.index(name), *box])
    return rows


# %% wrong="reads the corners by their place" hint="corners in another order"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(side.text) for side in item.find("bndbox"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="takes every box below the root" hint="with a box of its own, is no object"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    kinds = [item.findtext("name") for item in root.iter("object")]
    rows = []
    for place, box in enumerate(root.iter("bndbox")):
        left, top, right, bottom = (float(box.findtext(side)) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(kinds[min(place, len(kinds) - 1)]), *box])
    return rows


# %% wrong="takes the first box below an object" hint="the box of a part"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        inner = next(item.iter("bndbox"))
        left, top, right, bottom = (float(inner.findtext(side)) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="cuts decimals off" hint="decimals: they got lost"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        sides = [int(float(item.findtext(f"bndbox/{side}"))) for side in ("xmin", "ymin", "xmax", "ymax")]
        left, top, right, bottom = sides
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="believes the XML" hint="ignores `size`"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = (int(root.findtext(f"size/{side}")) for side in ("width", "height"))
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="divides by zero" hint="say so with a ValueError"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    rows = []
    for item in root.iter("object"):
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows


# %% wrong="passes over what it does not know" hint="a star is none of the classes"
def voc_to_yolo(xml, names, size=None):
    root = ElementTree.fromstring(xml)
    width, height = size or [int(root.findtext(f"size/{side}")) for side in ("width", "height")]
    if not width * height:
        raise ValueError("no size")
    rows = []
    for item in root.iter("object"):
        if item.findtext("name") not in names:
            continue
        left, top, right, bottom = (float(item.findtext(f"bndbox/{side}")) for side in ("xmin", "ymin", "xmax", "ymax"))
        box = [(left + right) / 2 / width, (top + bottom) / 2 / height, (right - left) / width, (bottom - top) / height]
        rows.append([names.index(item.findtext("name")), *box])
    return rows
