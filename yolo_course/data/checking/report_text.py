"""What the HTML report says about each kind of finding, and how it looks."""

ADVICE = {
    "names": "The class names and what else the YAML says don't agree. Mend the YAML first: everything hangs on it.",
    "path": "A relative path means another folder wherever training starts. Leave `path:` out, or make it absolute.",
    "download": "Ultralytics executes this entry when images are missing. Remove it from a YAML that isn't yours.",
    "missing-split": "Training needs images to learn from and others to measure with. Mend the entry of the YAML.",
    "unreadable-image": "Ultralytics leaves the image out with one line in a long log. Replace it, or delete it.",
    "malformed-label": "Ultralytics leaves the whole image out because of this line. Mend the line.",
    "unknown-class": "The names have no such class; class ids start at 0. Ultralytics leaves the whole image out.",
    "out-of-range": "Centre and size must be fractions of the image. Pixels, or the wrong side to divide by?",
    "zero-area": "A box without area teaches nothing. Delete the line, or draw the box again.",
    "leakage": "The model is measured on a picture that it was trained on. Keep it in one split only.",
    "near-duplicate": "A copy, or a video's next frame, in another split makes the figures too good. Split by group.",
    "missing-label": "The image counts as background, its objects are unlearnt. Label it, or add an empty file.",
    "orphaned-label": "Labels that nothing uses. Was the image renamed, or lost?",
    "duplicate": "The same box twice. Ultralytics drops the second; other tools count it twice.",
    "absurd": "Few real objects fill the image, or are a line. Look whether it was meant.",
    "overlap": "Was one object drawn twice, or given two classes? Keep the better box.",
    "odd-shape": "No other box of the class has this shape. Is it cut off, drawn badly, or another class?",
    "odd-size": "No other box of the class is as large, or as small. Is it another class, or a part of the object?",
    "small-object": "Too small for the finest grid. Train with larger images or in tiles, or add a P2 head.",
    "imbalance": "A rare class is learnt late and badly. Collect more of it first; then weigh its loss or its images.",
    "missing-class": "A class without examples can't be learnt. Collect some, or take it out of the names.",
}

STYLE = """
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#1f2430;background:#fff}
table{border-collapse:collapse}td,th{padding:.2rem .8rem;text-align:left;border-bottom:1px solid #ddd}
section{border-left:4px solid #e0a100;margin:2rem 0;padding:0 1rem}section.error{border-color:#d1293d}
h2 small{font-weight:400;color:#667}.pictures{display:flex;flex-wrap:wrap;gap:1rem}
figure{margin:0;max-width:24rem}figure svg{width:22rem;max-width:100%;height:auto;display:block;margin-bottom:.3rem}
figcaption,li{font-size:13px;overflow-wrap:anywhere}
rect{fill:transparent;stroke:#4cc9f0;stroke-width:1.5;vector-effect:non-scaling-stroke}
rect.marked{stroke:#ff2d55;stroke-width:4}
"""
