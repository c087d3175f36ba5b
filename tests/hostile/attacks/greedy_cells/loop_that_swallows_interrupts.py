# Loop that swallows interrupts.
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
