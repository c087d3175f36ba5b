import yaml

from yolo_course.models.lint.mending import read

SOUND = """\
nc: 3
backbone:
  - [-1, 1, Conv, [16, 3, 2]]  # a comment
  - [-1, 1, Conv, [[32], 3, 2]]
head:
    - [[-1, 0], 1, Detect, [nc]]
"""


def rules(text):
    document, findings = read(text)
    value = document.value if document else None
    return value, [(f.line, f.rule) for f in findings]


def broken(old, new):
    text = SOUND.replace(old, new, 1)
    assert text != SOUND
    return rules(text)


def test_a_sound_file_is_left_alone():
    assert rules(SOUND) == (yaml.safe_load(SOUND), [])


def test_mended_the_file_is_what_it_was_meant_to_be():
    meant = yaml.safe_load(SOUND)
    assert broken("  - [-1, 1, Conv, [[32]", "\t- [-1, 1, Conv, [[32]") == (meant, [(4, "tab")])
    assert broken("  - [-1, 1, Conv, [[32]", "   - [-1, 1, Conv, [[32]") == (meant, [(4, "indentation")])
    assert broken("head:", "  head:") == (meant, [(5, "indentation")])
    assert broken("2]]  # a", "2]  # a") == (meant, [(3, "brackets")])
    assert broken("[nc]]", "[nc]]]") == (meant, [(6, "brackets")])


def test_several_are_mended_at_once():
    text = SOUND.replace("  - [-1, 1, Conv, [16", "\t- [-1, 1, Conv, [16").replace("[nc]]", "[nc]")
    assert rules(text) == (yaml.safe_load(SOUND), [(3, "tab"), (6, "brackets")])


def test_what_cannot_be_mended_is_told_where_it_begins():
    value, found = rules("nc: 3\nbackbone:\n  - {from: -1,\nhead: [\n")
    assert value is None
    assert [rule for _, rule in found] == ["syntax"]
    assert rules("nc: 3\nscales: {n: [1, 1, 8]\nhead: 3\n")[1] == [(2, "syntax")]
    assert rules("nc: 'three\n")[1][0][1] == "syntax"
    assert rules("")[1] == []
