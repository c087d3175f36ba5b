# Another one's work.
print(open('{course}/submitted/ann/unit.ipynb').read())
