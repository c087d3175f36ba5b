# Fill the disk.
n = 0
while True:
    open(f'/tmp/{n}', 'wb').write(bytes(1 << 20)); n += 1
