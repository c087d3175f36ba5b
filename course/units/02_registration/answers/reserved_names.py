# %% right="keeps the rounds in a range"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.conv, self.rounds = nn.Conv2d(c1, c1, 3, padding=1), range(times)

    def forward(self, x):
        for _ in self.rounds:
            x = x + self.conv(x)
        return x


# %% right="unrolls the rounds by recursion"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.answer = nn.Conv2d(c1, c1, 3, padding=1)
        self.register_buffer("left", torch.tensor(times), persistent=False)

    def forward(self, x, left=None):
        left = int(self.left) if left is None else left
        return self.forward(x + self.answer(x), left - 1) if left else x


# %% wrong="keeps `i`" hint="in row 7"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)
        self.i = times

    def forward(self, x):
        for _ in range(self.i):
            x = x + self.conv(x)
        return x


# %% wrong="moves to `f`" hint="reads the row before it"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.f = times
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)

    def forward(self, x):
        for _ in range(self.f):
            x = x + self.conv(x)
        return x


# %% wrong="moves to `np`" hint="counted its parameters"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.np = times
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)

    def forward(self, x):
        for _ in range(self.np):
            x = x + self.conv(x)
        return x


# %% wrong="moves to `type`" hint="word for it"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.type = times
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)

    def forward(self, x):
        for _ in range(self.type):
            x = x + self.conv(x)
        return x


# %% wrong="gives each round a convolution" hint="as many parameters as one"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(c1, c1, 3, padding=1) for _ in range(times))

    def forward(self, x):
        for conv in self.convs:
            x = x + conv(x)
        return x


# %% wrong="runs once, since that is what the row said" hint="alone, before any parser"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)

    def forward(self, x):
        return x + self.conv(x)


# %% wrong="hides the number in a function" hint="cannot be saved"
class Refine(nn.Module):
    def __init__(self, c1, times=1):
        super().__init__()
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)
        self.rounds = lambda: range(times)

    def forward(self, x):
        for _ in self.rounds():
            x = x + self.conv(x)
        return x


# %% wrong="keeps the number on the class" hint="share the number of rounds"
class Refine(nn.Module):
    rounds = 1

    def __init__(self, c1, times=1):
        super().__init__()
        self.conv = nn.Conv2d(c1, c1, 3, padding=1)
        Refine.rounds = times

    def forward(self, x):
        for _ in range(Refine.rounds):
            x = x + self.conv(x)
        return x
