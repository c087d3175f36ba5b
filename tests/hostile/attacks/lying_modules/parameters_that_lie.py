# Parameters that lie.
class Scale(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.w = nn.Parameter(torch.ones(1))
    def parameters(self, *a): return iter([nn.Parameter(torch.ones(3))])
    def forward(self, x): return x
