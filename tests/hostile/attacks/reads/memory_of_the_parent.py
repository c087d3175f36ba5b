# Memory of the parent.
import os
print(open(f'/proc/{os.getppid()}/mem', 'rb').read(10))
