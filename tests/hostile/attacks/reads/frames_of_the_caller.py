# Frames of the caller.
import sys
frame = sys._getframe()
while frame:
    print(list(frame.f_locals)[:50]); frame = frame.f_back
