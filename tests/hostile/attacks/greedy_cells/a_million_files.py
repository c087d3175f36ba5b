# A million files.
for n in range(10**6):
    open(f'/tmp/{n}', 'w').close()
