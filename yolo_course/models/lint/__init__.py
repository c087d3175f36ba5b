"""The linter of model YAMLs: every mistake of a file in one run, without a weight in memory.

```
locate.py      a path, a model of the zoo, or one of Ultralytics'
document.py    text → plain values, each with the line it stands on; limits for what nobody writes by hand
mending.py     a file that is no YAML: tabs, rows out of line, brackets; mends them and reads on
keys.py        misspelt parts, parts given twice, scales outside `scales:`
settings.py    what stands above the rows: nc, scales, activation, …
rows.py        are the rows rows of four, and do they read rows that come before them
modules.py     which class a name stands for, and which name was probably meant
parsing.py     Ultralytics' own parser, one row at a time
dry_run.py     the meta device: no numbers, FLOPs counted, an end to what would never end
trial.py       one row, built and run there
blame.py       what an exception says about the row
guess.py       what a broken row might have given
judging.py     row after row; after a broken one, the guess under which the rest makes most sense
graph.py       rows that nothing uses, the strides and the kind of the head
linter.py      `lint`
finding.py     what comes out: `Finding`, `Row`, `Report`
```
"""
