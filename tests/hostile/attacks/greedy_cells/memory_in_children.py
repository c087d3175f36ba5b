# Memory in children.
import os, time
for _ in range(5):
    if not os.fork():
        kept = b'x' * (150 << 20)
        time.sleep(60)
time.sleep(60)
