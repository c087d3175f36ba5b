# %% right="a loop with three cases"
def repeats_table(rows, depth):
    table = []
    for row in rows:
        if row[1] <= 1:
            table.append(row[1])
        elif round(row[1] * depth) < 1:
            table.append(1)
        else:
            table.append(round(row[1] * depth))
    return table


# %% right="decimal's half-even rounding, a tuple"
from decimal import ROUND_HALF_EVEN, Decimal


def repeats_table(rows, depth):
    def scaled(n):
        return max(int(Decimal(n * depth).quantize(Decimal(1), ROUND_HALF_EVEN)), 1)

    return tuple(scaled(row[1]) if row[1] != 1 else 1 for row in rows)


# %% wrong="throws the rest away" hint="was thrown away"
def repeats_table(rows, depth):
    return [max(int(row[1] * depth), 1) if row[1] > 1 else row[1] for row in rows]


# %% wrong="rounds up" hint="1.2 repeats became 2"
def repeats_table(rows, depth):
    return [max(math.ceil(row[1] * depth), 1) if row[1] > 1 else row[1] for row in rows]


# %% wrong="rounds a half up" hint="even neighbour"
def repeats_table(rows, depth):
    return [max(int(row[1] * depth + 0.5), 1) if row[1] > 1 else row[1] for row in rows]


# %% wrong="lets rows vanish" hint="has vanished"
def repeats_table(rows, depth):
    return [round(row[1] * depth) if row[1] > 1 else row[1] for row in rows]


# %% wrong="scales a one, too" hint="keeps its 1"
def repeats_table(rows, depth):
    return [max(round(row[1] * depth), 1) for row in rows]


# %% wrong="does not round" hint="a share of a block"
def repeats_table(rows, depth):
    return [max(row[1] * depth, 1) if row[1] > 1 else row[1] for row in rows]


# %% wrong="gives the sum" hint="a list was asked for"
def repeats_table(rows, depth):
    return sum(max(round(row[1] * depth), 1) if row[1] > 1 else row[1] for row in rows)


# %% wrong="leaves rows of one out" hint="at depth 1 nothing changes"
def repeats_table(rows, depth):
    if len(rows) == 1 and rows[0][1] == 1:
        return [1]
    return [max(round(row[1] * depth), 1) for row in rows if row[1] > 1]


# %% wrong="rounds to floats" hint="int, not float"
import numpy as np


def repeats_table(rows, depth):
    return [float(max(np.round(row[1] * depth), 1)) if row[1] > 1 else row[1] for row in rows]
