"""What a process of our own does without: imported first by `yolo-course` and by a desk, never by what others import.

jsonschema, which nbformat checks notebooks with, reads a grammar of international addresses, for a second and more at
every start. No notebook has such an address, and jsonschema does without where the package is not installed.
"""

import sys

sys.modules.setdefault("rfc3987_syntax", None)  # None reads as "not installed"
