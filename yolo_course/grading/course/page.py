"""HTML pages for people: everything in one file, no script, no network; written whole or not at all."""

import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup, escape
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

_LIGHT, _DARK = HtmlFormatter(style="default"), HtmlFormatter(style="github-dark")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).disable("image")  # a picture would be fetched from somewhere


def page(template: str, **facts: object) -> str:
    """Fill a template of `pages/`; whatever is not `Markup` is escaped."""
    return _environment().get_template(template).render(facts)


def highlighted(source: str) -> Markup:
    """Python source with a class for each kind of word; `pages/base.html` holds the colours."""
    return Markup(highlight(source, PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)))


def code_in_backticks(text: str) -> Markup:
    """A sentence of a check; what stands in backticks is shown as code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def comment(text: str) -> Markup:
    """An instructor's remark, in Markdown; HTML in it is shown as text."""
    return Markup(_MARKDOWN.render(text))


def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "highlighted": highlighted,
        "code_in_backticks": code_in_backticks,
        "comment": comment,
        "points": "{:.4g}".format,
    }
    made.globals |= {"light": Markup(_colours(_LIGHT)), "dark": Markup(_colours(_DARK))}
    return made


def _colours(formatter: HtmlFormatter) -> str:
    """The style's colours of words, without its background and its line numbers."""
    return "\n".join(line for line in formatter.get_style_defs("pre").splitlines() if line.startswith("pre ."))
