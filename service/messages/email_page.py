"""One mail, two parts from the same paragraphs: plain words that stand alone, and HTML that any program can show.

The HTML has no picture, no style sheet and no table. Opening it fetches nothing, so nobody learns that it was opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from service.messages.catalogue import Mail, Text

ADDRESSES = ("link", "unsubscribe")

BODY = "margin:0;padding:24px 16px;background:#ffffff;color:#131e2b;font-family:Arial,Helvetica,sans-serif"
FRAME = "max-width:34em;margin:0 auto;font-size:18px;line-height:1.5"
BUTTON = (
    "display:inline-block;padding:14px 22px;background:#123f8f;color:#ffffff;border-radius:4px;"
    "font-weight:bold;text-decoration:none"
)
FOOTER = "margin-top:32px;padding-top:16px;border-top:1px solid #6f7c8a;font-size:16px;color:#445160"


def plain_part(mail: Mail, values: Mapping[str, str | int]) -> str:
    """The words, a blank line between paragraphs, the link in full on a line of its own."""
    blocks = [text.fill(values) for text in mail.paragraphs]
    if mail.button:
        blocks.insert(-1, f"{mail.button.fill(values)}:\n{values['link']}")
    # Not the "-- " of a signature: some programs fold that away, and with it the way to end these mails.
    return "\n\n".join((*blocks, "----", "\n".join(text.fill(values) for text in mail.footer))) + "\n"


def html_part(mail: Mail, language: str, values: Mapping[str, str | int]) -> str:
    """The same words as a page. Every value is escaped; only the two addresses become links."""
    blocks = [f"<p>{_words(text, values)}</p>" for text in mail.paragraphs]
    if mail.button:
        address = escape(str(values["link"]))
        blocks.insert(-1, f'<p><a href="{address}" style="{BUTTON}">{_words(mail.button, values)}</a></p>')
    footer = "".join(f'<p style="margin:0 0 8px">{_words(text, values)}</p>' for text in mail.footer)
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_words(mail.subject, values)}</title>\n</head>\n"
        f'<body style="{BODY}">\n<div style="{FRAME}">\n'
        + "\n".join(blocks)
        + f'\n<div style="{FOOTER}">{footer}</div>\n</div>\n</body>\n</html>\n'
    )


def _words(text: Text, values: Mapping[str, str | int]) -> str:
    return text.fill(values, _show)


def _show(name: str, value: str) -> str:
    safe = escape(value)
    return f'<a href="{safe}" style="color:#123f8f;word-break:break-all">{safe}</a>' if name in ADDRESSES else safe
