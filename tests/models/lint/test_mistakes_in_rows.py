"""Mistakes made on purpose in the rows of sound models: each is found on its line."""

MISTAKES = []


def mistake(make):
    """A function that makes one mistake; it returns the line it is on and the rules that may name it."""
    MISTAKES.append(make)
    return make


@mistake
def misspelt_module(t):
    i = t.some("Conv", "Concat", "nn.Upsample", "Detect")
    source, n, name, args = t.rows[i]
    at = t.rng.randrange(len(name) - 2, len(name))
    return t.rewrite(i, source, n, name[:at] + name[at + 1 :], args), {"module"}


@mistake
def missing_prefix(t):
    source, n, _, args = t.rows[i := t.some("nn.Upsample")]
    return t.rewrite(i, source, n, "Upsample", args), {"module"}


@mistake
def foreign_module(t):
    source, n, _, args = t.rows[i := t.some("C2f", "C3", "C3k2", "RepNCSPELAN4", "CSPBlock")]
    return t.rewrite(i, source, n, "QuantumMixer", args), {"module"}


@mistake
def reads_itself(t):
    _, n, name, args = t.rows[i := t.some("Conv", "C2f", "C3k2", "nn.Upsample", where=lambda row: row[0] == -1)]
    return t.rewrite(i, i, n, name, args), {"from"}


@mistake
def reads_ahead(t):
    source, *rest = t.rows[i := t.some("Concat")]
    return t.rewrite(i, [source[0], i + t.rng.randrange(1, 4)], *rest), {"from"}


@mistake
def reads_before_the_first(t):
    _, n, name, args = t.rows[i := t.some("Conv", "C2f", "C3k2", "nn.Upsample", where=lambda row: row[0] == -1)]
    return t.rewrite(i, -i - 2, n, name, args), {"from"}


@mistake
def unequal_concat(t):
    i, strides = t.some("Concat"), t.strides
    others = [other for other in range(i - 1) if strides[other] != strides[t.rows[i][0][1]]]
    return t.rewrite(i, [-1, t.rng.choice(others)], *t.rows[i][1:]), {"concat-size"}


@mistake
def too_many_arguments(t):
    source, n, name, args = t.rows[i := t.some("Conv", "SPPF", "Concat", "nn.Upsample", "C2f", "DWConv")]
    return t.rewrite(i, source, n, name, [*args, *range(2, 11)]), {"arguments"}


@mistake
def no_arguments(t):
    source, n, name, _ = t.rows[i := t.some("Conv", "C2f", "SPPF", "C3", "C3k2")]
    return t.rewrite(i, source, n, name, []), {"arguments"}


@mistake
def word_for_a_number(t):
    source, n, name, args = t.rows[i := t.some("Conv", "C2f", "SPPF", "C3", "C3k2", "CSPBlock")]
    return t.rewrite(i, source, n, name, ["wide", *args[1:]]), {"arguments"}


@mistake
def raw_convolution(t):
    _, _, _, args = t.rows[i := t.some("Conv", where=lambda row: row[3][1:3] == [3, 2])]
    return t.rewrite(i, t.rows[i][0], 1, "nn.Conv2d", [77, args[0], 3, 2, 1]), {"channels"}


@mistake
def repeated_stride(t):
    source, _, name, args = t.rows[i := t.some("Conv", "DWConv", where=lambda row: row[3][1:3] == [3, 2])]
    return t.rewrite(i, source, t.rng.choice([2, 3, 6]), name, args), {"repeats"}


@mistake
def repeats_are_no_number(t):
    source, _, name, args = t.rows[i := t.rng.randrange(len(t.rows))]
    return t.rewrite(i, source, t.rng.choice([-2, "3x", 10**9, None]), name, args), {"repeats"}


@mistake
def head_reads_backwards(t):
    source, *rest = t.rows[-1]
    return t.rewrite(len(t.rows) - 1, source[::-1], *rest), {"head-strides"}


@mistake
def head_reads_one_twice(t):
    source, *rest = t.rows[-1]
    return t.rewrite(len(t.rows) - 1, [*source[:-1], source[0]], *rest), {"head-strides", "unused"}


@mistake
def no_head(t):
    *_, last = t.at
    t.lines[last] = ""
    return t.at[-2] + 1, {"task", "unused"}


@mistake
def unread_row(t):
    """The head leaves out a map that nothing else reads."""
    source, *rest = t.rows[-1]
    if source[-1] != len(t.rows) - 2:
        raise LookupError
    t.rewrite(len(t.rows) - 1, source[:-1], *rest)
    return t.at[source[-1]] + 1, {"unused"}


@mistake
def row_of_three(t):
    source, n, name, _ = t.rows[i := t.some("Conv", "C2f", "Concat", "nn.Upsample")]
    return t.rewrite(i, source, n, name), {"row"}


@mistake
def absurd_width(t):
    source, n, name, args = t.rows[i := t.some("Conv", "C2f", "SPPF", "C3k2", "CSPBlock")]
    return t.rewrite(i, source, n, name, [10**12, *args[1:]]), {"size"}


@mistake
def heads_that_do_not_divide(t):
    """Seven heads for whatever width it has."""
    i = t.some("SPPF")
    return t.rewrite(i, t.rows[i][0], 1, "AIFI", [1024, 7]), {"attention-heads"}


@mistake
def width_that_heads_do_not_divide(t):
    """131 channels, two heads."""
    source, _, _, args = t.rows[i := t.some("C2PSA", "PSA")]
    return t.rewrite(i, source, 1, "C2PSA", [args[0], 0.513]), {"attention-heads"}


@mistake
def reduction_to_nothing(t):
    source, n, name, args = t.rows[i := t.some("C3k2")]
    return t.rewrite(i, source, n, name, [args[0], False, 0.001]), {"zero-width"}


def test_mistakes_are_found_on_their_line(found_on_their_line):
    made, missed = found_on_their_line(MISTAKES)
    assert made >= 60
    assert len(missed) <= 0.05 * made, "\n".join(missed)
