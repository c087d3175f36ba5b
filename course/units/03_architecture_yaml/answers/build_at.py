# %% right="yolo_course's own build"
def build_at(path, scale):
    return yolo_course.build(path, scale=scale).model


# %% right="a copy under a name that Ultralytics can read"
def build_at(path, scale):
    with tempfile.TemporaryDirectory() as folder:
        named = Path(folder) / f"yolo8{scale}-copy.yaml"
        named.write_text(path.read_text())
        return YOLO(named, task="detect").model


# %% right="a dict with one scale left"
def build_at(path, scale):
    config = yaml.safe_load(path.read_text())
    config["scales"] = {scale: config["scales"][scale]}
    config["scale"] = scale
    return tasks.DetectionModel(config, verbose=False)


# %% wrong="gives the YOLO object" hint="wraps the network"
def build_at(path, scale):
    return yolo_course.build(path, scale=scale)


# %% wrong="gives a path" hint="a network was asked for"
def build_at(path, scale):
    return path.with_name(f"yolo8{scale}-mine.yaml")


# %% wrong="names the copy after the scale, but not after Ultralytics" hint="exactly as many parameters"
def build_at(path, scale):
    chosen = path.with_name(f"{scale}-detector.yaml")
    chosen.write_text(path.read_text())
    return YOLO(chosen, task="detect").model


# %% wrong="writes the key into the file itself" hint="the first one of the file, is not"
def build_at(path, scale):
    config = yaml.safe_load(path.read_text())
    config["scale"] = list(config["scales"])[1]
    return tasks.DetectionModel(config, verbose=False)


# %% wrong="moves the scale to the front of the file" hint="the file was changed"
def build_at(path, scale):
    config = yaml.safe_load(path.read_text())
    config["scales"] = {scale: config["scales"][scale], **config["scales"]}
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return YOLO(path, task="detect").model


# %% wrong="writes depth and width in the old way" hint="width or a depth of its own"
def build_at(path, scale):
    config = yaml.safe_load(path.read_text())
    config["depth_multiple"], config["width_multiple"], _ = config.pop("scales")[scale]
    return tasks.DetectionModel(config, verbose=False)


# %% wrong="takes the last scale for the largest" hint="the file's last scale"
def build_at(path, scale):
    config = yaml.safe_load(path.read_text())
    config["scale"] = scale if scale == "n" else list(config["scales"])[-1]
    return tasks.DetectionModel(config, verbose=False)


# %% wrong="believes the file's name first" hint="whose name says another scale"
def build_at(path, scale):
    config = yaml.safe_load(path.read_text())
    config["scale"] = tasks.guess_model_scale(path) or scale
    return tasks.DetectionModel(config, verbose=False)


# %% wrong="asks for a file that is not there" hint="FileNotFoundError" outcome="raised"
def build_at(path, scale):
    return YOLO(path.with_name(f"yolo8{scale}-detector.yaml"), task="detect").model
