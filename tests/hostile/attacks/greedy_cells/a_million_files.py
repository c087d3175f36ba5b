# A million files.
for n in range(10**6):
    open(str(n), 'w').close()
