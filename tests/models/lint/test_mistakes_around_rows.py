"""Mistakes made on purpose in the settings and the YAML of sound models: each is found on its line."""

import re

MISTAKES = []


def mistake(make):
    """A function that makes one mistake; it returns the line it is on and the rules that may name it."""
    MISTAKES.append(make)
    return make


@mistake
def classes(t):
    i = t.line_of("nc:")
    t.lines[i] = f"nc: {t.rng.choice(['eighty', 0, -3, 2.5, '[1, 2]', 'true'])}"
    return i + 1, {"nc"}


@mistake
def short_scale(t):
    i = t.line_of(r"\s+n: \[")
    t.lines[i] = t.rng.choice(["  n: [0.33, 0.25]", "  n: [0.33, wide, 1024]", "  n: 0.33", "  n: [0, 0.25, 1024]"])
    return i + 1, {"scales"}


@mistake
def level_scale(t):
    i = t.line_of(r"\s+n: \[")
    t.lines[i] = t.lines[i].strip()
    t.lines[i + 1 :] = [line.strip() if re.match(r"\s+[smlx]: \[", line) else line for line in t.lines[i + 1 :]]
    return i + 1, {"scales"}


@mistake
def squashing_cap(t):
    i = t.line_of(r"\s+n: \[")
    t.lines[i] = re.sub(r"[\d.]+\]", f"{t.rng.choice([2.0, 8, 16])}]", t.lines[i])
    return i + 1, {"max-channels"}


@mistake
def ignored_scale(t):
    t.lines.insert(i := t.line_of("backbone:"), "scale: s")
    return i + 1, {"scale-ignored"}


@mistake
def code_for_an_activation(t):
    code = t.rng.choice(["ReLU()", "nn.ReLU", "__import__('os').getcwd()", "lambda x: x", "nn.Linear(3, 3)"])
    t.lines.insert(i := t.line_of("backbone:"), f"activation: '{code}'" if "'" not in code else f"activation: {code}")
    return i + 1, {"activation"}


@mistake
def tab(t):
    i = t.rng.choice(t.at)
    t.lines[i] = "\t" + t.lines[i].lstrip()
    return i + 1, {"tab"}


@mistake
def too_far_in(t):
    i = t.rng.choice(t.at[1:])
    t.lines[i] = t.rng.choice([" ", "    "]) + t.lines[i]
    return i + 1, {"indentation"}


@mistake
def open_bracket(t):
    i = t.rng.choice(t.at)
    row, hash_, comment = t.lines[i].partition("#")
    t.lines[i] = row.rstrip()[:-1] + f" {hash_}{comment}" * bool(hash_)
    return i + 1, {"brackets", "syntax"}


@mistake
def misspelt_part(t):
    t.lines[i := t.line_of("head:")] = "haed:"
    return i + 1, {"unknown-key"}


@mistake
def part_given_twice(t):
    t.lines.append("head: []")
    return len(t.lines), {"duplicate-key", "part"}


def test_mistakes_are_found_on_their_line(found_on_their_line):
    made, missed = found_on_their_line(MISTAKES)
    assert made >= 30
    assert len(missed) <= 0.05 * made, "\n".join(missed)
