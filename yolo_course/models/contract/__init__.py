"""The block contract: what `check_block` asks of a module that stands in a row of a model YAML.

```
check_block(Block, 32, 64)      ../check_block.py   the list of questions, in order
verdict.py                      an item, a report, and how a question says no
signature.py                    where the constructor takes its widths
specimen.py                     the block under test: built, fed, measured
maps.py                         what comes out: shape, precision, odd sizes, tiny widths
row.py                          can a YAML row build it
computation.py                  what happens on the way: input, gradients, batch, repeats
state.py                        what it holds: parameters, names, copies, pickles
deployment.py                   what export does to it: half precision, fuse, TorchScript, ONNX
```
"""
