# %% right="a table of reductions"
def weighted_loss(function):
    def average(cost, factor):
        return cost.sum() / max(float(len(cost.flatten()) if factor is None else factor), 1.0)

    ways = {"none": lambda cost, _: cost, "sum": lambda cost, _: cost.sum(), "mean": average}

    def loss(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ways:
            raise ValueError(reduction)
        if reduction != "mean" and avg_factor is not None:
            raise ValueError(avg_factor)
        each = function(pred, target, **options)
        return ways[reduction](each if weight is None else each * weight, avg_factor)

    return loss


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% right="a class that is called"
class weighted_loss:
    def __init__(self, function):
        self.function = function

    def __call__(self, pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        each = self.function(pred, target, **options) * (1.0 if weight is None else weight)
        match reduction:
            case "mean":
                count = each.numel() if avg_factor is None else avg_factor
                return each.sum() / torch.as_tensor(count).clamp(min=1)
            case "none" | "sum" if avg_factor is None:
                return each if reduction == "none" else torch.sum(each)
        raise ValueError(f"{reduction} does not go with {avg_factor}")


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% right="names kept by functools"
import functools


def weighted_loss(function):
    @functools.wraps(function)
    def wrapper(pred, target, weight=None, reduction="mean", avg_factor=None, **kwargs):
        loss = function(pred, target, **kwargs)
        loss = loss if weight is None else weight * loss
        if avg_factor is None:
            if reduction == "mean":
                return loss.mean() if loss.numel() else loss.sum()
            if reduction == "sum":
                return loss.sum()
            if reduction == "none":
                return loss
        elif reduction == "mean":
            return loss.sum() / (avg_factor if avg_factor > 1 else 1)
        raise ValueError("no such reduction, or an average of nothing")

    return wrapper


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="forgets to return the function" hint="gives None: return the function"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="forgets to return the cost" hint="your code gives None"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="returns the cost of nothing" hint="it is to return a function"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted(torch.zeros(1), torch.zeros(1))


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="reduces nothing by default" hint="the reduction is the mean"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="none", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="sums by default" hint="this is the sum"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="sum", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="averages the squares" hint="mean of the costs is expected"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.square().sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="keeps the mean as a row" hint="a mean is one number"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum().view(1) / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="none is a mean, too" hint="leaves each element its cost"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost * 0 + cost.mean()
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="sum is a mean, too" hint="adds up all costs"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.mean()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="weighs only what is reduced" hint="costs they belong to"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if reduction == "none":
            return cost
        if weight is not None:
            cost = cost * weight
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="weighs only the mean" hint="no effect on the sum"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if reduction == "none":
            return cost if weight is None else cost * weight
        if reduction == "sum":
            return cost.sum()
        if weight is not None:
            cost = cost * weight
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="weighs all but the mean" hint="no effect on the mean"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return function(pred, target, **options).sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="divides by the weights" hint="divided by the sum of the weights"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(
            (cost.numel() if weight is None else weight.sum()) if avg_factor is None else avg_factor, 1
        )

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="divides by the weights that are not 0" hint="how many weights are not 0"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(
            (cost.numel() if weight is None else int((weight != 0).sum())) if avg_factor is None else avg_factor, 1
        )

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="averages cost and weight apart" hint="averaged apart"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        if weight is not None and avg_factor is None:
            return function(pred, target, **options).mean() * weight.mean()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="wants a weight of the same shape" hint="shape (2, 1), must broadcast"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight.flatten().repeat(cost.numel())[: cost.numel()].view(cost.shape)
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="forgets the average factor" hint="avg_factor has no effect"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel(), 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="divides by both" hint="you divide by both"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel(), 1) / (1 if avg_factor is None else max(avg_factor, 1))

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="multiplies by the factor" hint="multiplies; it is to divide"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel(), 1) if avg_factor is None else cost.sum() * avg_factor

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="divides by whole factors only" hint="that is a tensor must work"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(
            cost.numel() if avg_factor is None else (avg_factor if isinstance(avg_factor, (int, float)) else 1), 1
        )

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="divides by zero" hint="0 / 0 is NaN"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / (max(cost.numel(), 1) if avg_factor is None else torch.as_tensor(avg_factor))

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="guards zero alone" hint="a single doubtful object would shout"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / ((max(cost.numel(), 1) if avg_factor is None else avg_factor) or 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="swallows the options" hint="does not arrive at the loss"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="hands no option on" hint="unexpected keyword argument" outcome="raised"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="swaps prediction and target" hint="have changed places"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(target, pred, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="takes the mean of nothing" hint="here it is NaN"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.mean() if avg_factor is None else cost.sum() / max(avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="makes a new zero" hint="cut off from the graph"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        if not cost.numel():
            return torch.zeros(())
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="takes any word for a mean" hint="an unknown reduction"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if avg_factor is not None and reduction in ("none", "sum"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="lets the factor pass with a sum" hint="a sum with an average factor"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction == "none"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="lets the factor pass with none" hint="with an average factor must be refused"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction == "sum"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(cost.numel() if avg_factor is None else avg_factor, 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)


# %% wrong="takes 0 for no factor" hint="takes it for none given"
def weighted_loss(function):
    def weighted(pred, target, weight=None, reduction="mean", avg_factor=None, **options):
        if reduction not in ("none", "sum", "mean") or (avg_factor is not None and reduction != "mean"):
            raise ValueError(f"reduction {reduction!r} with avg_factor {avg_factor}")
        cost = function(pred, target, **options)
        if weight is not None:
            cost = cost * weight
        if reduction == "none":
            return cost
        if reduction == "sum":
            return cost.sum()
        return cost.sum() / max(avg_factor if avg_factor else cost.numel(), 1)

    return weighted


def l1(*arguments, **options):
    """The distance, and all that your decorator adds to it."""
    return weighted_loss(lambda pred, target: (pred - target).abs())(*arguments, **options)


def cross_entropy(*arguments, **options):
    """The cost of yes-or-no answers, and the same; a truth of 1 costs `ones` times as much."""

    def elementwise(pred, target, ones=1.0):
        return F.binary_cross_entropy_with_logits(pred, target, reduction="none", pos_weight=torch.tensor(ones))

    return weighted_loss(elementwise)(*arguments, **options)
