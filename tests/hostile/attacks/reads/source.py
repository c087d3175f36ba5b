# Source.
print(open('{course}/source/unit.ipynb').read())
