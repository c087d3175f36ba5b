# %% right="one wide Conv in front, cut in two"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        self.half = max(math.floor(c2 * e), 1)
        self.split = Conv(c1, 2 * self.half, 1)
        self.steps = nn.ModuleList(Bottleneck(self.half, self.half, shortcut, k=(1, 3), e=1.0) for _ in range(n))
        self.join = Conv(2 * self.half, c2, 1)

    def forward(self, x):
        past, worked = self.split(x).chunk(2, 1)
        for step in self.steps:
            worked = step(worked)
        return self.join(torch.cat([past, worked], dim=1))


# %% right="writes the bottleneck itself"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        w = int(c2 * e) or 1
        self.shortcut = shortcut
        self.a, self.b, self.out = Conv(c1, w), Conv(c1, w), Conv(w + w, c2)
        self.pairs = nn.ModuleList([nn.Sequential(Conv(w, w, 1), Conv(w, w, 3)) for _ in range(n)])

    def forward(self, x):
        a = self.a(x)
        for pair in self.pairs:
            a = a + pair(a) if self.shortcut else pair(a)
        return self.out(torch.hstack((self.b(x), a)))


# %% wrong="keeps the width of the input" hint="channels to c2"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c1)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="ignores e" hint="`e` has no effect"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        self.cv1, self.cv2, self.cv3 = Conv(c1, c2), Conv(c1, c2), Conv(2 * c2, c2)
        self.m = nn.Sequential(*(Bottleneck(c2, c2, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="adds the branches" hint="joined side by side"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(self.m(self.cv1(x)) + self.cv2(x))


# %% wrong="concatenates the input itself" hint="no Conv of its own"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv3 = Conv(c1, hidden), Conv(hidden + c1, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), x), 1))


# %% wrong="takes the width from c1" hint="follows c1"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c1 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="builds the bottlenecks and never runs them" hint="no bottleneck is in the path"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.cv1(x), self.cv2(x)), 1))


# %% wrong="one bottleneck whatever n is" hint="`n` has no effect"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) if n else nn.Identity()

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="leaves the bottleneck's kernels at their default" hint="the first is a 1×1"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="one bottleneck too many" hint="2·n + 1"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        many = range(n + 1) if n else range(0)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in many))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="repeats one layer n times" hint="share their weights"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*[Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0)] * n)

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="leaves the bottleneck's own e at its default" hint="narrows the branch a second time"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3)) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="refines both branches" hint="goes past the bottlenecks"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.m(self.cv2(x))), 1))


# %% wrong="always adds the shortcut" hint="shortcut=False a bottleneck still adds"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="never adds the shortcut" hint="shortcut=True a bottleneck must add"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, False, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="rounds the width down to nothing" hint="no channel at all"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = int(c2 * e)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="rounds the width up" hint="is c2 * e rounded down"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = math.ceil(c2 * e)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="joins the branches along the height" hint="Given groups=1" outcome="raised"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 2))


# %% wrong="keeps the bottlenecks in a plain list" hint="in a plain list"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = [Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)]

    def forward(self, x):
        y = self.cv1(x)
        for layer in self.m:
            y = layer(y)
        return self.cv3(torch.cat((y, self.cv2(x)), 1))


# %% wrong="one Conv for both branches" hint="come out of one Conv"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv3 = Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        y = self.cv1(x)
        return self.cv3(torch.cat((self.m(y), y), 1))


# %% wrong="builds the second Conv and uses the first twice" hint="built and never used"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        y = self.cv1(x)
        return self.cv3(torch.cat((self.m(y), y), 1))


# %% wrong="swaps the bottleneck's kernels" hint="the 3×3 comes first"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv2, self.cv3 = Conv(c1, hidden), Conv(c1, hidden), Conv(2 * hidden, c2)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(3, 1), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))


# %% wrong="no activation before the branches join" hint="has lost the activation"
class CSPBlock(nn.Module):
    def __init__(self, c1, c2, n=1, shortcut=True, e=0.5):
        super().__init__()
        hidden = max(int(c2 * e), 1)
        self.cv1, self.cv3 = Conv(c1, hidden), Conv(2 * hidden, c2)
        self.cv2 = Conv(c1, hidden, act=False)
        self.m = nn.Sequential(*(Bottleneck(hidden, hidden, shortcut, k=(1, 3), e=1.0) for _ in range(n)))

    def forward(self, x):
        return self.cv3(torch.cat((self.m(self.cv1(x)), self.cv2(x)), 1))
