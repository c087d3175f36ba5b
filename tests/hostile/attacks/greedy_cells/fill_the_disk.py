# Fill the disk.
n = 0
while True:
    open(str(n), 'wb').write(bytes(1 << 20)); n += 1
