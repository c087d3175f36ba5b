# %% right="gives the dataset a class that builds the list"
def add_to(dataset, own):
    if dataset.augment:

        class Longer(type(dataset)):
            def build_transforms(self, hyp):
                transforms = super().build_transforms(hyp)
                transforms.insert(-1, own)
                return transforms

        dataset.__class__ = Longer
        dataset.transforms.insert(-1, own)
    return dataset


# %% right="finds Format by its name"
def add_to(dataset, own):
    def inserted(transforms):
        names = [type(each).__name__ for each in transforms.transforms]
        transforms.insert(names.index("Format"), own)
        return transforms

    if dataset.augment:
        build = dataset.build_transforms
        dataset.build_transforms = lambda hyp: inserted(build(hyp))
        dataset.transforms = inserted(dataset.transforms)
    return dataset


# %% right="wraps what fetches a finished list"
def add_to(dataset, own):
    if not dataset.augment:
        return dataset
    close = dataset.close_mosaic

    def close_mosaic(hyp):
        close(hyp)
        dataset.transforms.insert(-1, own)

    dataset.close_mosaic = close_mosaic
    dataset.transforms.insert(-1, own)
    return dataset


# %% wrong="moves it behind the mosaic and nothing else" hint="the list was built anew"
def add_to(dataset, own):
    if dataset.augment:
        dataset.transforms.insert(-1, own)
    return dataset


# %% wrong="mends the duration and leaves the place" hint="the mosaic comes after it"
def add_to(dataset, own):
    if dataset.augment:
        build = dataset.build_transforms

        def build_transforms(hyp):
            transforms = build(hyp)
            transforms.insert(0, own)
            return transforms

        dataset.build_transforms = build_transforms
        dataset.transforms.insert(0, own)
    return dataset


# %% wrong="on every split" hint="the pictures of the val split"
def add_to(dataset, own):
    build = dataset.build_transforms

    def build_transforms(hyp):
        transforms = build(hyp)
        transforms.insert(-1, own)
        return transforms

    dataset.build_transforms = build_transforms
    dataset.transforms.insert(-1, own)
    return dataset


# %% wrong="appends" hint="it comes after `Format`"
def add_to(dataset, own):
    if dataset.augment:
        dataset.transforms.append(own)
    return dataset


# %% wrong="forgets the list that is there already" hint="is never called"
def add_to(dataset, own):
    if dataset.augment:
        build = dataset.build_transforms

        def build_transforms(hyp):
            transforms = build(hyp)
            transforms.insert(-1, own)
            return transforms

        dataset.build_transforms = build_transforms
    return dataset


# %% wrong="puts the old list back" hint="the old list was put back"
def add_to(dataset, own):
    if dataset.augment:
        dataset.transforms.insert(-1, own)
        kept = dataset.transforms
        dataset.build_transforms = lambda hyp: kept
    return dataset


# %% wrong="returns nothing for the val split" hint="for the val split, too"
def add_to(dataset, own):
    if not dataset.augment:
        return None
    build = dataset.build_transforms

    def build_transforms(hyp):
        transforms = build(hyp)
        transforms.insert(-1, own)
        return transforms

    dataset.build_transforms = build_transforms
    dataset.transforms.insert(-1, own)
    return dataset


# %% wrong="forgets to return" hint="should return the dataset it was given"
def add_to(dataset, own):
    dataset.transforms.insert(-1, own)


# %% wrong="throws the others away" hint="is gone or misplaced"
def add_to(dataset, own):
    if dataset.augment:
        first, *_, last = dataset.transforms.transforms
        dataset.transforms.transforms = [first, own, last]
    return dataset
