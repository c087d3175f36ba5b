# %% right="splits the path into folders"
def label_path(picture):
    *folders, name = picture.split("/")
    place = len(folders) - 1 - folders[::-1].index("images")
    folders[place] = "labels"
    return "/".join([*folders, name[: name.rindex(".")] + ".txt"])


# %% right="pathlib for the suffix, rsplit for the folder"
def label_path(picture):
    return str(Path("/labels/".join(picture.rsplit("/images/", 1))).with_suffix(".txt"))


# %% right="a regular expression"
import re


def label_path(picture):
    return re.sub(r"^(.*)/images/(.*)\.[^./]*$", r"\1/labels/\2.txt", picture)


# %% wrong="knows two suffixes in small letters" hint="suffixes in capitals"
def label_path(picture):
    before, _, after = picture.rpartition("/images/")
    for suffix in (".jpg", ".png"):
        after = after.replace(suffix, ".txt")
    return f"{before}/labels/{after}"


# %% wrong="knows JPEG only" hint="its label would be a picture"
def label_path(picture):
    before, _, after = picture.rpartition("/images/")
    return f"{before}/labels/{after.replace('.jpg', '.txt').replace('.JPG', '.txt')}"


# %% wrong="leaves the folder" hint="the labels lie beside the pictures"
def label_path(picture):
    return str(Path(picture).with_suffix(".txt"))


# %% wrong="gives the name alone" hint="in which folder is it"
def label_path(picture):
    return Path(picture).with_suffix(".txt").name


# %% wrong="cuts at the first dot of the name" hint="a part of it is lost"
def label_path(picture):
    before, _, after = picture.rpartition("/images/")
    return f"{before}/labels/{after.split('.')[0]}.txt"


# %% wrong="replaces the word wherever it stands" hint="only a whole name is meant"
def label_path(picture):
    return str(Path(picture.replace("images", "labels")).with_suffix(".txt"))


# %% wrong="replaces the last occurrence of the word" hint="its name must stay"
def label_path(picture):
    return str(Path("labels".join(picture.rsplit("images", 1))).with_suffix(".txt"))


# %% wrong="replaces every folder of that name" hint="every folder called `images` was replaced"
def label_path(picture):
    return str(Path(picture.replace("/images/", "/labels/")).with_suffix(".txt"))


# %% wrong="replaces the first folder of that name" hint="the *last* one is meant"
def label_path(picture):
    return str(Path(picture.replace("/images/", "/labels/", 1)).with_suffix(".txt"))
