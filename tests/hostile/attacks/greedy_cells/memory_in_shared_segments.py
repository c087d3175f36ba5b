# Memory in shared segments that no process is attached to.
import ctypes, time
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
for _ in range(8):
    segment = libc.shmget(0, ctypes.c_size_t(64 << 20), 0o1600)
    place = libc.shmat(segment, None, 0)
    if segment < 0 or place in (None, ctypes.c_void_p(-1).value): raise MemoryError
    ctypes.memset(place, 1, 64 << 20)
    libc.shmdt(ctypes.c_void_p(place))
time.sleep(.3)
double = None  # 512 MB are held, and nobody has seen it
