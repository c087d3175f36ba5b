# Environment of the parent.
print(open('/proc/1/environ').read())
