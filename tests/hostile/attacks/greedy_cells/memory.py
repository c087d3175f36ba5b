# Memory.
kept = []
while True:
    kept.append(b'x' * (20 << 20))
