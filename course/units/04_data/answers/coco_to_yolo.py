# %% right="one image at a time"
def coco_to_yolo(coco, names):
    numbers = {category["id"]: category["name"] for category in coco["categories"]}
    result = {}
    for image in coco["images"]:
        own = [each for each in coco["annotations"] if each["image_id"] == image["id"] and not each.get("iscrowd")]
        size = (image["height"], image["width"])
        boxes = yolo_course.boxes.convert(
            np.array([each["bbox"] for each in own], float).reshape(-1, 4), "ltwh", "xywhn", size
        )
        kinds = [names.index(numbers[each["category_id"]]) for each in own]
        result[image["file_name"]] = [[kind, *box] for kind, box in zip(kinds, boxes.tolist(), strict=True)]
    return result


# %% right="tables first, tuples out"
def coco_to_yolo(coco, names):
    places = {name: place for place, name in enumerate(names)}
    number, rows, sizes, files = {}, {}, {}, {}
    for category in coco["categories"]:
        number[category["id"]] = places.get(category["name"])
    for image in coco["images"]:
        files[image["id"]], sizes[image["id"]] = image["file_name"], (image["width"], image["height"])
        rows[image["file_name"]] = []
    for note in coco["annotations"]:
        key = note["image_id"]
        if key not in files or note.get("iscrowd"):
            continue
        if number[note["category_id"]] is None:
            raise ValueError("unknown class")
        (w, h), (x, y, dx, dy) = sizes[key], note["bbox"]
        rows[files[key]].append(
            (number[note["category_id"]], (2 * x + dx) / (2 * w), (2 * y + dy) / (2 * h), dx / w, dy / h)
        )
    return rows


# %% wrong="takes one off the category id" hint="one less than the category id"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (left, top, width, height) = images[each["image_id"]], each["bbox"]
        centre = [(left + width / 2) / image["width"], (top + height / 2) / image["height"]]
        row = [each["category_id"] - 1, *centre, width / image["width"], height / image["height"]]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="takes the category id as it is" hint="ids may start anywhere"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (left, top, width, height) = images[each["image_id"]], each["bbox"]
        centre = [(left + width / 2) / image["width"], (top + height / 2) / image["height"]]
        rows[image["file_name"]].append(
            [each["category_id"], *centre, width / image["width"], height / image["height"]]
        )
    return rows


# %% wrong="numbers classes by COCO's own list" hint="place among COCO's categories"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    number = {category["id"]: place for place, category in enumerate(coco["categories"])}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (left, top, width, height) = images[each["image_id"]], each["bbox"]
        centre = [(left + width / 2) / image["width"], (top + height / 2) / image["height"]]
        row = [number[each["category_id"]], *centre, width / image["width"], height / image["height"]]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="reads corners" hint="you read the box as corners"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (x1, y1, x2, y2) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        box = [(x1 + x2) / 2 / w, (y1 + y2) / 2 / h, (x2 - x1) / w, (y2 - y1) / h]
        rows[image["file_name"]].append([names.index(called[each["category_id"]]), *box])
    return rows


# %% wrong="takes the corner for the centre" hint="left and top stand where the centre belongs"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        rows[image["file_name"]].append([names.index(called[each["category_id"]]), x / w, y / h, dx / w, dy / h])
    return rows


# %% wrong="forgets pictures without annotations" hint="as background it is worth having"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {}
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows.setdefault(image["file_name"], []).append(row)
    return rows


# %% wrong="uses ids as keys" hint="nobody knows an image's id"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["id"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["id"]].append(row)
    return rows


# %% wrong="divides by the size of the first image" hint="the size of another image"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    w, h = coco["images"][0]["width"], coco["images"][0]["height"]
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="confuses height and width" hint="height and width of the image have changed places"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        h, w = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="keeps the last annotation of an image only" hint="each has its row"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["file_name"]] = [row]
    return rows


# %% wrong="keeps crowds" hint="a crowd is no object"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="needs iscrowd" hint="KeyError" outcome="raised"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        if each["iscrowd"]:
            continue
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="passes over what it does not know" hint="dropping it hides the mistake"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        if each.get("iscrowd") or each["image_id"] not in images or called[each["category_id"]] not in names:
            continue
        image, (x, y, dx, dy) = images[each["image_id"]], each["bbox"]
        w, h = image["width"], image["height"]
        row = [names.index(called[each["category_id"]]), (x + dx / 2) / w, (y + dy / 2) / h, dx / w, dy / h]
        rows[image["file_name"]].append(row)
    return rows


# %% wrong="works in place" hint="changes the tables"
def coco_to_yolo(coco, names):
    images = {image["id"]: image for image in coco["images"]}
    called = {category["id"]: category["name"] for category in coco["categories"]}
    rows = {image["file_name"]: [] for image in coco["images"]}
    for each in coco["annotations"]:
        if each.get("iscrowd") or each["image_id"] not in images:
            continue
        image, box = images[each["image_id"]], each["bbox"]
        box[0] = (box[0] + box[2] / 2) / image["width"]
        box[1] = (box[1] + box[3] / 2) / image["height"]
        box[2], box[3] = box[2] / image["width"], box[3] / image["height"]
        rows[image["file_name"]].append([names.index(called[each["category_id"]]), *box])
    return rows
