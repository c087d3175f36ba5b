# %% right="a function for one line, tuples out"
def find_bad_labels(text, classes):
    def judge_line(fields, earlier):
        try:
            values = [float(field) for field in fields]
        except ValueError:
            return "malformed"
        if len(values) != 5 or not np.isfinite(values).all() or values[0] < 0 or values[0] != int(values[0]):
            return "malformed"
        kind, x, y, w, h = values
        if kind >= classes:
            return "unknown-class"
        if not (w > 0 and h > 0):
            return "zero-area"
        if x - w / 2 < -0.01 or y - h / 2 < -0.01 or x + w / 2 > 1.01 or y + h / 2 > 1.01:
            return "out-of-range"
        box = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        twice = False
        for other_kind, other in earlier:
            if other_kind == kind:
                dx = min(box[2], other[2]) - max(box[0], other[0])
                dy = min(box[3], other[3]) - max(box[1], other[1])
                shared = max(dx, 0) * max(dy, 0)
                area = (other[2] - other[0]) * (other[3] - other[1])
                twice |= shared / (w * h + area - shared) >= 0.8
        earlier.append((kind, box))
        return "duplicate" if twice else None

    earlier, result = [], []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            finding = judge_line(line.split(), earlier)
            if finding:
                result.append((number, finding))
    return result


# %% right="all rules first, pairs of boxes afterwards"
def find_bad_labels(text, classes):
    findings, boxes = {}, {}
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields:
            continue
        try:
            row = torch.tensor([float(field) for field in fields], dtype=torch.float64)
        except ValueError:
            row = torch.zeros(0)
        if row.numel() != 5 or not row.isfinite().all() or row[0] < 0 or row[0] != row[0].round():
            findings[number] = "malformed"
        elif row[0] >= classes:
            findings[number] = "unknown-class"
        elif row[3:].min() <= 0:
            findings[number] = "zero-area"
        else:
            corners = torchvision.ops.box_convert(row[1:], "cxcywh", "xyxy")
            if corners.min() < -0.01 or corners.max() > 1.01:
                findings[number] = "out-of-range"
            else:
                boxes[number] = (row[0], corners)
    for number, (kind, corners) in boxes.items():
        for other, (same, place) in boxes.items():
            if other < number and same == kind and torchvision.ops.box_iou(corners[None], place[None]) >= 0.8:
                findings[number] = "duplicate"
    return [[number, findings[number]] for number in sorted(findings)]


# %% wrong="looks at the four numbers, not at the borders" hint="and yet the box reaches beyond the right border"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            kind, *box = (float(field) for field in line.split())
        except ValueError:
            if line.split():
                findings.append([number, "malformed"])
            continue
        if len(box) != 4 or not all(map(math.isfinite, [kind, *box])) or kind < 0 or kind % 1:
            findings.append([number, "malformed"])
        elif kind >= classes:
            findings.append([number, "unknown-class"])
        elif min(box[2:]) <= 0:
            findings.append([number, "zero-area"])
        elif max(box) > 1.01 or min(box) < -0.01:
            findings.append([number, "out-of-range"])
    return findings


# %% wrong="counts lines from 0" hint="lines are counted from 1"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines()):
        if line.split():
            *_, w, h = map(float, line.split())
            if w <= 0 or h <= 0:
                findings.append([number, "zero-area"])
    return findings


# %% wrong="accepts a box without width" hint="has no finding"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.split():
            *_, w, h = map(float, line.split())
            if w < 0 or h < 0:
                findings.append([number, "zero-area"])
    return findings


# %% wrong="asks for a width of exactly 0" hint="corners that have changed places"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.split():
            *_, w, h = map(float, line.split())
            if w == 0 or h == 0:
                findings.append([number, "zero-area"])
    return findings


# %% wrong="counts classes from 1" hint="the largest number is 2"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.split():
            kind, *_, w, h = map(float, line.split())
            if kind > classes:
                findings.append([number, "unknown-class"])
            elif w <= 0 or h <= 0:
                findings.append([number, "zero-area"])
    return findings


# %% wrong="reads only good lines" hint="not enough values to unpack" outcome="raised"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.split():
            kind, _x, _y, w, h = map(float, line.split())
            if kind >= classes:
                findings.append([number, "unknown-class"])
            elif w <= 0 or h <= 0:
                findings.append([number, "zero-area"])
    return findings


# %% wrong="takes the first five numbers of a longer line" hint="a line with six numbers"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) < 5:
            findings.append([number, "malformed"])
            continue
        kind, *_, w, h = map(float, fields[:5])
        if kind >= classes:
            findings.append([number, "unknown-class"])
        elif w <= 0 or h <= 0:
            findings.append([number, "zero-area"])
    return findings


# %% wrong="lets nan through" hint="nan is no number"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            values = [float(field) for field in line.split()]
        except ValueError:
            values = [0.0]
        if not line.split():
            continue
        if len(values) != 5 or values[0] < 0 or values[0] % 1:
            findings.append([number, "malformed"])
        elif values[0] >= classes:
            findings.append([number, "unknown-class"])
        elif min(values[3:]) <= 0:
            findings.append([number, "zero-area"])
    return findings


# %% wrong="takes a class below 0" hint="from the end of the list"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            values = [float(field) for field in line.split()]
        except ValueError:
            values = [0.0]
        if not line.split():
            continue
        if len(values) != 5 or not np.isfinite(values).all():
            findings.append([number, "malformed"])
        elif values[0] >= classes:
            findings.append([number, "unknown-class"])
        elif min(values[3:]) <= 0:
            findings.append([number, "zero-area"])
    return findings


# %% wrong="compares exact copies only" hint="labelled twice, a little apart"
def find_bad_labels(text, classes):
    findings, seen = [], set()
    for number, line in enumerate(text.splitlines(), 1):
        try:
            values = [float(field) for field in line.split()]
        except ValueError:
            values = [0.0]
        if not line.split():
            continue
        if len(values) != 5 or not np.isfinite(values).all() or values[0] < 0 or values[0] % 1:
            findings.append([number, "malformed"])
            continue
        kind, x, y, w, h = values
        corners = (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
        if kind >= classes:
            findings.append([number, "unknown-class"])
        elif min(w, h) <= 0:
            findings.append([number, "zero-area"])
        elif min(corners) < -0.01 or max(corners) > 1.01:
            findings.append([number, "out-of-range"])
        elif tuple(values) in seen:
            findings.append([number, "duplicate"])
        seen.add(tuple(values))
    return findings


# %% wrong="compares boxes of all classes" hint="a circle may lie on a square"
def find_bad_labels(text, classes):
    findings, sound = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            values = [float(field) for field in line.split()]
        except ValueError:
            values = [0.0]
        if not line.split():
            continue
        if len(values) != 5 or not np.isfinite(values).all() or values[0] < 0 or values[0] % 1:
            findings.append([number, "malformed"])
            continue
        kind, x, y, w, h = values
        corners = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
        if kind >= classes:
            findings.append([number, "unknown-class"])
        elif min(w, h) <= 0:
            findings.append([number, "zero-area"])
        elif min(corners) < -0.01 or max(corners) > 1.01:
            findings.append([number, "out-of-range"])
        else:
            if sound and yolo_course.boxes.pairwise_iou([corners], sound).max() >= 0.8:
                findings.append([number, "duplicate"])
            sound.append(corners)
    return findings


# %% wrong="calls every overlap a duplicate" hint="neighbours overlap"
def find_bad_labels(text, classes):
    findings, sound = [], []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            values = [float(field) for field in line.split()]
        except ValueError:
            values = [0.0]
        if not line.split():
            continue
        if len(values) != 5 or not np.isfinite(values).all() or values[0] < 0 or values[0] % 1:
            findings.append([number, "malformed"])
            continue
        kind, x, y, w, h = values
        corners = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
        if kind >= classes:
            findings.append([number, "unknown-class"])
        elif min(w, h) <= 0:
            findings.append([number, "zero-area"])
        elif min(corners) < -0.01 or max(corners) > 1.01:
            findings.append([number, "out-of-range"])
        else:
            rivals = [other for same, other in sound if same == kind]
            if rivals and yolo_course.boxes.pairwise_iou([corners], rivals).max() > 0.5:
                findings.append([number, "duplicate"])
            sound.append((kind, corners))
    return findings


# %% wrong="is strict to the last digit" hint="is rounding, not a mistake"
def find_bad_labels(text, classes):
    findings = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            values = [float(field) for field in line.split()]
        except ValueError:
            values = [0.0]
        if not line.split():
            continue
        if len(values) != 5 or not np.isfinite(values).all() or values[0] < 0 or values[0] % 1:
            findings.append([number, "malformed"])
            continue
        kind, x, y, w, h = values
        corners = [x - w / 2, y - h / 2, x + w / 2, y + h / 2]
        if kind >= classes:
            findings.append([number, "unknown-class"])
        elif min(w, h) <= 0:
            findings.append([number, "zero-area"])
        elif min(corners) < 0 or max(corners) > 1:
            findings.append([number, "out-of-range"])
    return findings
