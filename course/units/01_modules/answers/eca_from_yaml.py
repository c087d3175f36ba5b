# %% right="throws the second place away"
class ECA(nn.Module):
    def __init__(self, channels, *args, gamma=2, b=1):
        super().__init__()
        c2, *rest = args or (None,)
        if c2 is not None and c2 != channels:
            raise ValueError("ECA keeps its channels")
        gamma, b = (*rest, *(gamma, b)[len(rest) :])
        k = length_of(channels, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% right="a sum over shifted means instead of a convolution"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        if (c2 or c1) != c1:
            raise ValueError(f"{c2} channels are asked for, {c1} come")
        self.weights = nn.Parameter(torch.randn(length_of(c1, gamma, b)))

    def forward(self, x):
        half = len(self.weights) // 2
        means = F.pad(x.mean((2, 3)), (half, half))  # (B, c) -> (B, c + 2·half)
        seen = means.unfold(1, len(self.weights), 1)  # -> (B, c, k)
        return x * torch.sigmoid(seen @ self.weights)[:, :, None, None]


# %% wrong="asks for both numbers always" hint="missing 1 required positional argument" outcome="raised"
class ECA(nn.Module):
    def __init__(self, c1, c2, gamma=2, b=1):
        super().__init__()
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="gives up gamma and b" hint="unexpected keyword argument" outcome="raised"
class ECA(nn.Module):
    def __init__(self, c1, c2=None):
        super().__init__()
        k = length_of(c1, 2, 1)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="puts the new argument last" hint="no channel looks at another"
class ECA(nn.Module):
    def __init__(self, c1, gamma=2, b=1, c2=None):
        super().__init__()
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="forces three neighbours" hint="no longer grows with the width"
class ECA(nn.Module):
    def __init__(self, channels, gamma=2, b=1):
        super().__init__()
        k = max(length_of(channels, gamma, b), 3)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="mixes all channels" hint="almost every channel"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        self.conv = nn.Linear(c1, c1, bias=False)

    def forward(self, x):
        return x * self.conv(x.mean((2, 3))).sigmoid()[..., None, None]


# %% wrong="a special case for 64" hint="ECA(256, 256) has no neighbours"
class ECA(nn.Module):
    def __init__(self, channels, gamma=2, b=1):
        super().__init__()
        k = length_of(channels, 2 if gamma == 64 else gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="accepts gamma and uses 2" hint="has no effect any more"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        if c2 not in (None, c1):
            raise ValueError("ECA keeps its channels")
        k = length_of(c1, 2, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="swaps gamma and b" hint="by position, has the wrong kernel"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, b=1, gamma=2):
        super().__init__()
        if c2 not in (None, c1):
            raise ValueError("ECA keeps its channels")
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="a shorter kernel where c2 is left out" hint="has another kernel than ECA(64, 64)"
class ECA(nn.Module):
    def __init__(self, c1, c2=1, gamma=2, b=1):
        super().__init__()
        k = length_of(c2, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="says nothing when c2 differs" hint="promises 128 channels"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="refuses more channels only" hint="fewer channels out"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        if c2 is not None and c2 > c1:
            raise ValueError("ECA keeps its channels")
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="adds up where it should average" hint="same means gets other gates"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        if c2 not in (None, c1):
            raise ValueError("ECA keeps its channels")
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, bias=False)

    def forward(self, x):
        gates = self.conv(x.sum((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]


# %% wrong="lets the first and the last channel touch" hint="no ring"
class ECA(nn.Module):
    def __init__(self, c1, c2=None, gamma=2, b=1):
        super().__init__()
        if c2 not in (None, c1):
            raise ValueError("ECA keeps its channels")
        k = length_of(c1, gamma, b)
        self.conv = nn.Conv1d(1, 1, k, padding=k // 2, padding_mode="circular", bias=False)

    def forward(self, x):
        gates = self.conv(x.mean((2, 3))[:, None]).sigmoid()[:, 0]
        return x * gates[..., None, None]
