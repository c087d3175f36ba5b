# The names of the setup.
class Everything:
    def __getattr__(self, name): return lambda *a, **k: self
    def __call__(self, *a, **k): return self
    def __enter__(self): return self
    def __exit__(self, *a): return True
check = torch = nn = double = Scale = lengths = Everything()
