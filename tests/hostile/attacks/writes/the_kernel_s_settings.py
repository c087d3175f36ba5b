# The kernel's settings and devices.
import os, stat
for place in ('/proc/sys/kernel/core_pattern', '/proc/sys/vm/overcommit_memory', '/proc/self/oom_score_adj'):
    try: open(place, 'r+').write(open(place).read())
    except OSError: continue
    double = None
try:
    os.mknod('disk', stat.S_IFBLK | 0o600, os.makedev(254, 0))
    open('disk', 'rb').read(1)
    double = None
except OSError: pass
