import pytest
from torch import nn
from ultralytics.nn.modules import Conv

from yolo_course.errors import ModelError
from yolo_course.models.lint.document import parse
from yolo_course.models.lint.keys import mend_keys
from yolo_course.models.lint.settings import read_settings

SCALES = "scales:\n  n: [0.5, 0.25, 64]\n  s: [1, 0.5, 64]\n"


def settings(text, tmp_path, scale=None, named=""):
    found, findings = read_settings(parse(text), tmp_path / "model.yaml", scale, named)
    return found, [(f.line, f.rule, f.severity) for f in findings]


def test_sound_settings_are_taken_as_they_are(tmp_path):
    text = f"nc: 7\nreg_max: 1\nend2end: true\nkpt_shape: [4, 2]\nchannels: 1\n{SCALES}"
    found, findings = settings(text, tmp_path)
    assert findings == []
    assert found.channels == 1
    assert found.parser["nc"] == 7
    assert (found.parser["reg_max"], found.parser["end2end"], found.parser["kpt_shape"]) == (1, True, [4, 2])
    assert found.parser["scales"] == {"n": [0.5, 0.25, 64]}


def test_the_scale_is_what_was_asked_for_or_named_or_the_first(tmp_path):
    text = f"nc: 7\n{SCALES}"
    assert settings(text, tmp_path)[0].scale == "n"
    assert settings(text, tmp_path, named="s")[0].scale == "s"
    assert settings(text, tmp_path, scale="n", named="s")[0].scale == "n"
    assert settings("nc: 7", tmp_path, named="s")[0].scale == ""
    assert settings(text, tmp_path, named="x") == (settings(text, tmp_path)[0], [(2, "scales", "error")])
    with pytest.raises(ModelError, match="expected n, s, found z"):
        settings(text, tmp_path, scale="z")
    with pytest.raises(ModelError, match="expected none, found n"):
        settings("nc: 7", tmp_path, scale="n")


@pytest.mark.parametrize(
    "line",
    [
        *("nc: 0", "nc: many", "nc: 1.5", "nc: true", "nc: null", "nc: 99999999999"),
        *("reg_max: 0", "end2end: maybe", "kpt_shape: [17]", "kpt_shape: [17, 4]", "channels: -3"),
        *("scales: big", "scales: {}", "scales: {n: [1, 1]}", "scales: {n: [1, a, 8]}", "scales: {n: [0, 1, 8]}"),
        *("scales: {n: [1, 1, -8]}", "scales: {n: [1, .inf, 8]}", "scales: {n: [1, 1000000, 8]}"),
        *("depth_multiple: deep", "width_multiple: 0"),
    ],
)
def test_what_is_malformed_is_told_and_replaced(line, tmp_path):
    text = line if line.startswith("nc") else f"nc: 7\n{line}"
    found, findings = settings(text, tmp_path)
    assert [(at, severity) for at, _, severity in findings] == [(text.count("\n") + 1, "error")]
    assert found.parser["nc"] >= 1
    assert found.parser["scales"] is None


def test_what_ultralytics_ignores_is_told(tmp_path):
    text = f"nc: 7\nscale: s\nwidth_multiple: 0.5\n{SCALES}"
    assert settings(text, tmp_path)[1] == [(2, "scale-ignored", "warning"), (3, "scale-ignored", "warning")]


def test_a_missing_number_of_classes_is_told(tmp_path):
    assert settings("scales: {n: [1, 1, 8]}", tmp_path)[1] == [(1, "nc", "error")]


@pytest.mark.parametrize(
    "spec", ["nn.ReLU()", "torch.nn.LeakyReLU(0.1)", "nn.Softplus(beta=2)", "nn.SiLU(inplace=True)"]
)
def test_an_activation_is_built_as_ultralytics_builds_it(spec, tmp_path):
    import torch

    found, findings = settings(f"nc: 7\nactivation: {spec}", tmp_path)
    assert findings == []
    assert repr(found.activation) == repr(eval(spec, {"nn": nn, "torch": torch}))


@pytest.mark.parametrize(
    "spec",
    [
        *("ReLU()", "nn.ReLU", "nn.Linear(3, 3)", "nn.ReLU().train()", "lambda x: x", "(" * 5000, "7", "[nn.ReLU()]"),
        "nn.PReLU(1000000, device='cpu')",
        *("open('pwned', 'w')", "nn.LeakyReLU(open('pwned', 'w'))", "nn.Softplus(beta=open('pwned', 'w').fileno())"),
        *("__import__('os').system('touch pwned')", "[c for c in ().__class__.__base__.__subclasses__()]"),
    ],
)
def test_code_for_an_activation_is_told_and_never_run(spec, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    default = Conv.default_act
    quoted = spec if spec in {"7", "[nn.ReLU()]"} else '"' + spec + '"'
    found, findings = settings(f"nc: 7\nactivation: {quoted}", tmp_path)
    assert findings == [(2, "activation", "error")]
    assert found.activation is None
    assert Conv.default_act is default
    assert not [*tmp_path.iterdir()]


def test_misspelt_and_stray_keys_are_put_right():
    document = parse("nc: 3\nbakcbone: [1]\nscales:\nn: [1, 1, 8]\nheadd:\n  - 5\nauthor: me\n")
    found = [(f.line, f.rule) for f in mend_keys(document)]
    assert found == [(4, "scales"), (2, "unknown-key"), (5, "unknown-key")]
    assert document.value["backbone"] == [1]
    assert document.value["scales"] == {"n": [1, 1, 8]}
    assert document.line("head", 0) == 6
