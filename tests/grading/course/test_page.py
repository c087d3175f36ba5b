"""Pages are whole or not there, need no network, and hold nothing of a learner's as markup."""

from yolo_course.grading.course.page import code_in_backticks, comment, highlighted


def test_a_remark_is_markdown_without_html_scripts_and_pictures():
    told = comment(
        "**Read** `a < b` <b>this</b>: [page](https://a.example) [bad](javascript:alert) ![x](https://b.example)"
    )
    assert "<strong>Read</strong> <code>a &lt; b</code> &lt;b&gt;this&lt;/b&gt;" in told
    assert '<a href="https://a.example">page</a>' in told
    assert 'href="javascript' not in told
    assert "<img" not in told


def test_code_and_sentences_are_escaped():
    assert code_in_backticks("`a<b>` & <i>") == "<code>a&lt;b&gt;</code> &amp; &lt;i&gt;"
    shown = highlighted("x = '</pre><script>'  # </style>\n")
    assert "<script" not in shown
    assert "</style" not in shown
