# Loop without end.
def double(x):
    while True:
        pass
