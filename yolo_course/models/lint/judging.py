"""What is wrong with each row, one after the other.

After a broken row nobody knows what it was meant to give. The judge goes on with each likely guess in turn and keeps
the one under which the rest of the file has fewest mistakes: one mistake is told once, and the others are still found.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from torch import Tensor
from ultralytics.nn.modules import Concat

from yolo_course.models.lint.blame import blame, sizes_differ
from yolo_course.models.lint.dry_run import TooMuch
from yolo_course.models.lint.finding import Finding, Row, shown
from yolo_course.models.lint.graph import head_findings
from yolo_course.models.lint.guess import actual, concatenated, guesses, mended
from yolo_course.models.lint.modules import nearest, resolve
from yolo_course.models.lint.parsing import is_modern
from yolo_course.models.lint.rows import LintRow
from yolo_course.models.lint.trial import Laboratory, Layer, Trial
from yolo_course.registry.rows import YamlRow

MOST_GUESSES = 24  # times that the rest of a file is judged
MOST_FINDINGS = 100


@dataclass
class Judgement:
    """What is wrong and what each row gives, from some row to the last."""

    findings: list[Finding] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)


class Judge:
    """Judges the rows of one file."""

    def __init__(self, lab: Laboratory, rows: list[LintRow]):
        self.lab = lab
        self.rows = rows
        self.guesses_left = MOST_GUESSES
        self.modern_from = next((r.row.number for r in rows if is_modern(r.row.name)), len(rows))

    def go_on(self, layers: list[Layer]) -> Judgement:
        """Judge the rows after those that are done."""
        told, layers = Judgement(), [*layers]
        for lint_row in self.rows[len(layers) :]:
            inputs = [layers[i] if i >= 0 else self.lab.image for i in lint_row.inputs]
            try:
                findings, trial, ways = self._step(lint_row, inputs, layers)
            except TooMuch as error:
                told.findings.append(_too_much(lint_row, error))
                return told
            told.findings += findings
            if len(told.findings) > MOST_FINDINGS:
                told.findings.append(_enough(lint_row))
                return told
            way, rest = self._best(layers, ways)
            told.rows.append(self._record(lint_row, inputs, trial, way))
            if rest:
                return Judgement(told.findings + rest.findings, told.rows + rest.rows)
            layers.append(way)
        return told

    def _best(self, layers: list[Layer], ways: list[Layer]) -> tuple[Layer, Judgement | None]:
        """The way on with fewest findings, and what they are; nothing where there is but one."""
        if len(ways) == 1 or self.guesses_left < len(ways):
            return ways[0], None
        best = None
        for way in ways:
            self.guesses_left -= 1
            rest = self.go_on([*layers, way])
            if best is None or len(rest.findings) < len(best[1].findings):
                best = way, rest
            if not rest.findings:
                break
        return best

    def _step(
        self, lint_row: LintRow, inputs: list[Layer], layers: list[Layer]
    ) -> tuple[list[Finding], Trial, list[Layer]]:
        """What is wrong with one row, its trial, and what it gives or may have been meant to give."""
        row, line = lint_row.row, lint_row.line
        modern, last = row.number > self.modern_from, row.number == len(self.rows) - 1
        findings = [*lint_row.findings]
        cls = resolve(row.name)
        if cls is None:
            near = nearest(row.name)
            if not _explained(findings):
                findings.append(_unknown(row, line, near))
            if near is None:
                return findings, Trial(), guesses(self.lab, row, inputs)
            row, cls = replace(row, name=near), resolve(near)
        if cls is Concat and len({x.size for x in inputs}) > 1:
            findings.append(sizes_differ(row, line, inputs, layers, self._stride))
            return findings, Trial(), concatenated(inputs)
        if last:
            findings += head_findings(row, line, [self._stride(x) for x in inputs])
        trial = self.lab.attempt(row, inputs, modern, last)
        if row.repeats > 1 and (repeated := self._repeated(lint_row, row, inputs, trial)):
            finding, once = repeated
            return [*findings, finding], replace(once, repeats=trial.repeats), [once.layer]
        if trial.problem:
            other = mended(self.lab, row, inputs, modern, last)
            if not _explained(findings):
                findings.append(blame(trial.problem, row, line, cls))
            ways = [actual(other.layer)] if other else []
            return findings, replace(other, args=None) if other else trial, ways + guesses(self.lab, row, inputs)
        findings += self._check(row, line, inputs, trial, last)
        return findings, trial, [actual(trial.layer)]

    def _repeated(
        self, lint_row: LintRow, row: YamlRow, inputs: list[Layer], trial: Trial
    ) -> tuple[Finding, Trial] | None:
        """The finding that a row must not be repeated, and what it gives once."""
        if not (trial.copies or self.lab.copies(row, inputs)):
            return None
        once = self.lab.attempt(replace(row, repeats=1), inputs, False, False)
        if once.problem:
            return None
        strided = once.layer.size != inputs[0].size
        if not strided and once.layer.channels == inputs[0].channels:
            return None
        now = trial.repeats > 1 or trial.problem is not None
        what = "changes the size of its map" if strided else "changes the number of channels"
        again = f"each of {row.repeats} copies would" if strided else "the second copy is given what it does not take"
        finding = Finding(
            *("repeats", "error" if now else "warning", f"it is repeated and {what}: {again}", lint_row.line),
            *(row.number, "1 repeat", f"{row.repeats} repeats"),
            fix="write the first one as a row of its own, or use a module that takes its repeats as an argument",
        )
        return finding, once

    def _check(self, row: YamlRow, line: int, inputs: list[Layer], trial: Trial, last: bool) -> Iterator[Finding]:
        """What is wrong with a row that runs."""
        value, counted = trial.layer.value, trial.layer.channels
        if trial.empty:
            message = f"a width inside comes out as 0: {trial.empty} has no elements"
            fix = "widen the row, or reduce by less"
            yield Finding("zero-width", "error", message, line, row.number, "1 or more", shown(row.args), fix)
        if isinstance(value, Tensor) and value.ndim == 4 and not last:
            if min(value.shape[2:]) < 1:
                yield Finding("vanished", "error", "nothing is left of the map", line, row.number)
            if isinstance(counted, int) and value.shape[1] != counted:
                message = "it gives other channels than Ultralytics counts on for the rows that read it"
                fix = "use a module whose channels Ultralytics knows, or register it"
                told = str(counted), str(value.shape[1])
                yield Finding("channels", "error", message, line, row.number, *told, fix)

    def _record(self, lint_row: LintRow, inputs: list[Layer], trial: Trial, layer: Layer) -> Row:
        row, value = lint_row.row, layer.value
        last = row.number == len(self.rows) - 1
        shape = tuple(value.shape[1:]) if isinstance(value, Tensor) else None
        return Row(
            row=row.number,
            line=lint_row.line,
            source=row.source,
            repeats=trial.repeats,
            module=row.name,
            args=trial.args if trial.args is not None else row.args,
            c_in=[x.channels for x in inputs],
            c_out=None if last else layer.channels,
            shape=shape,
            stride=None if last else self._stride(layer),
            params=trial.params,
            flops=trial.flops,
        )

    def _stride(self, layer: Layer) -> int | None:
        return round(self.lab.imgsz / layer.size[0]) if layer.size and layer.size[0] else None


def _explained(findings: list[Finding]) -> bool:
    """Whether it is clear already why a row does not run."""
    return any(f.rule in {"row", "module", "task", "head-strides", "setting"} for f in findings)


def _unknown(row: YamlRow, line: int, near: str | None) -> Finding:
    fix = "check the spelling, or import the package that registers it with @register"
    return Finding("module", "error", "no module has this name", line, row.number, near, row.name[:80], fix)


def _too_much(lint_row: LintRow, error: TooMuch) -> Finding:
    message, fix = f"the model is too large to be meant: {error}", "look at repeats, scales and lists of numbers"
    return Finding("too-much", "error", message, lint_row.line, lint_row.row.number, fix=fix)


def _enough(lint_row: LintRow) -> Finding:
    message = f"after {MOST_FINDINGS} mistakes the rows from here on were not read"
    return Finding("not-judged", "note", message, lint_row.line, lint_row.row.number)
