# %% right="inserts before the last one by a negative place"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if not self.augment:
            return transforms
        transforms.insert(-1, self.own)
        return transforms


# %% right="right after mosaic, affine, mixup and cutmix"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            transforms.transforms = [*transforms.transforms[:3], self.own, *transforms.transforms[3:]]
        return transforms


# %% wrong="at the front of the list" hint="what comes after it"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            transforms.insert(0, self.own)
        return transforms


# %% wrong="at the end of the list" hint="it comes after `Format`"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            transforms.append(self.own)
        return transforms


# %% wrong="on the val split, too" hint="its scores would be wrong"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        transforms.insert(len(transforms.transforms) - 1, self.own)
        return transforms


# %% wrong="inserts once, in the constructor" hint="after `close_mosaic` your transform is gone"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        super().__init__(*args, **settings)
        if self.augment:
            self.transforms.insert(-1, own)


# %% wrong="when a picture is fetched" hint="once for each in the mosaic"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def get_image_and_label(self, index):
        labels = super().get_image_and_label(index)
        return self.own(labels) if self.augment else labels


# %% wrong="a list of its own" hint="one of Ultralytics' own transforms is gone"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            transforms.transforms = [transforms.transforms[0], self.own, transforms.transforms[-1]]
        return transforms


# %% wrong="takes a default for the settings and never uses the transform" hint="is never called"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp=None):
        return super().build_transforms(hyp)


# %% wrong="returns the bare list" hint="must return the Compose"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp).transforms
        return [*transforms[:-1], self.own, transforms[-1]] if self.augment else transforms


# %% wrong="twice in the list" hint="more than once"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            for place in (1, -1):
                transforms.insert(place, self.own)
        return transforms


# %% wrong="closes the mosaic without building the list" hint="the mosaic is still on"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)
        if self.augment:
            self.transforms.insert(-1, own)

    def close_mosaic(self, hyp):
        pass


# %% wrong="swaps mixup and cutmix" hint="have changed their order"
class OwnDataset(YOLODataset):
    def __init__(self, *args, own, **settings):
        self.own = own
        super().__init__(*args, **settings)

    def build_transforms(self, hyp):
        transforms = super().build_transforms(hyp)
        if self.augment:
            first, *middle, last = transforms.transforms
            transforms.transforms = [first, middle[1], middle[0], *middle[2:], self.own, last]
        return transforms
