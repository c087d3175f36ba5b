# Open files.
kept = [open('/dev/null') for _ in range(10**6)]
