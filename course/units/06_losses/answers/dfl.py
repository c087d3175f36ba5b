# %% right="a tent over all bins"
def dfl(logits, target):
    bins = torch.arange(logits.shape[-1])
    inside = target.clamp(0, len(bins) - 1)
    shares = (1 - (inside[:, None] - bins).abs()).clamp(min=0)
    return -(shares * logits.log_softmax(1)).sum(1)


# %% right="two cross entropies"
def dfl(logits, target):
    last = logits.shape[1] - 1
    inside = target.clamp(0, last)
    left, right = inside.floor().long(), inside.ceil().long()
    near_left = F.cross_entropy(logits, left, reduction="none")
    near_right = F.cross_entropy(logits, right, reduction="none")
    return near_left + (inside - left) * (near_right - near_left)


# %% right="one-hot rows"
def dfl(logits, target):
    count = logits.shape[-1]
    inside = torch.minimum(torch.relu(target), torch.full_like(target, count - 1))
    left = inside.to(torch.int64).clamp(max=count - 2)
    beyond = (inside - left)[:, None]
    goal = F.one_hot(left, count) * (1 - beyond) + F.one_hot(left + 1, count) * beyond
    return (goal * (logits.logsumexp(-1, keepdim=True) - logits)).sum(-1)


# %% wrong="calls the course's library" hint="a library's own DFL"
def dfl(logits, target):
    return losses.distribution_focal_loss(logits, target, reduction="none")


# %% wrong="averages" hint="each row must keep its own cost"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right).mean()


# %% wrong="leaves a dimension" hint="one column too many"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)[:, None]


# %% wrong="gives a cost for each bin" hint="five costs must come out"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    log_p = logits.log_softmax(-1)
    return -log_p


# %% wrong="swaps the weights" hint="the nearer bin counts more"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -(beyond * log_left + (1 - beyond) * log_right)


# %% wrong="teaches the left bin" hint="or the nearest one"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    return -log_left


# %% wrong="teaches the right bin" hint="only the bin on the right"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    log_p = logits.log_softmax(-1)
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -log_right


# %% wrong="teaches both in full" hint="their weights sum to 1"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -(log_left + log_right)


# %% wrong="starts to count at one" hint="bin 0 is a distance of 0"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    left = (left + 1).clamp(max=last - 1)
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="forgets the minus" hint="the cost is negative"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return (1 - beyond) * log_left + beyond * log_right


# %% wrong="forgets the softmax" hint="no softmax"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="compares the mean" hint="the bins themselves are taught"
def dfl(logits, target):
    mean = (logits.softmax(-1) * torch.arange(logits.shape[-1])).sum(-1)
    return (mean - target) ** 2


# %% wrong="averages over both sides" hint="between two bins is not right"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right) / 2


# %% wrong="rounds up a whole number" hint="teaches that bin alone"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = (target.ceil() - 1).clamp(min=0).long()
    beyond = (target - left) % 1
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="leaves the last bin out" hint="the one before it"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, (left[:, None] + 1).clamp(max=last - 1))[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="clamps as Ultralytics does" hint="is reached only nearly"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last - 0.01)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="needs a bin behind the last" hint="out of bounds" outcome="raised"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="does not clamp below" hint="below 0 as the first"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(max=last)
    left = target.floor().clamp(0, last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="clamps in place" hint="changes the targets"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target.clamp_(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="takes the logarithm of the softmax" hint="before the logarithm"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.softmax(-1).log()
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="counts on 16 bins" hint="other rows cost wrong"
def dfl(logits, target):
    last = min(logits.shape[-1], 16) - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="computes in float32" hint="must give a float64 cost"
def dfl(logits, target):
    logits, target = logits.float(), target.float()
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.floor().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)


# %% wrong="rounds to the nearest bin" hint="the whole number below"
def dfl(logits, target):
    last = logits.shape[-1] - 1
    target = target.clamp(0, last)
    left = target.round().clamp(max=last - 1).long()
    beyond = target - left
    log_p = logits.log_softmax(-1)
    log_left = log_p.gather(1, left[:, None])[:, 0]
    log_right = log_p.gather(1, left[:, None] + 1)[:, 0]
    return -((1 - beyond) * log_left + beyond * log_right)
