# A forward that remembers.
class Scale(nn.Module):
    n = 0
    def __init__(self, c):
        super().__init__()
        self.w = nn.Parameter(torch.ones(c))
    def forward(self, x):
        Scale.n += 1
        return x if Scale.n == 1 else 3 * x
