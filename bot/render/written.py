"""Claims of a chat model's answer as lines, and how many of them the articles carry."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text

from bot.answers import Answer, Claim, Form
from bot.claims.judged import Support
from bot.render.clean import clean, line
from bot.render.layout import NO, NUMBER, QUIET, QUOTE, TITLE, hanging


def claim_lines(claims: Sequence[Claim], start: int, width: int | None) -> list[Text]:
    """Return the lines of the claims from number ``start`` on: a line each, with its numbers; more when it is long."""
    lines: list[Text] = []
    for number, claim in enumerate(claims[start:], start):
        if number and claim.opens:
            lines.append(Text())
        lines += _claim(claim, width)
        for problem in claim.problems:
            lines += hanging(Text(line(problem), QUIET), width, first=Text("  ⚑ ", NO), rest="    ")
    return lines


def _claim(claim: Claim, width: int | None) -> list[Text]:
    if claim.form is Form.CODE:
        body = Text("\n").join(Text(each) for each in clean(claim.text).split("\n"))
    else:
        body = Text(line(claim.text), TITLE if claim.form is Form.HEADING else QUOTE)
    numbers = Text("".join(f"[{number}]" for number in claim.citations), NUMBER)
    said = Text(" ").join(part for part in (body, numbers, Text(claim.mark, NO)) if part)
    bullet = "• " if claim.form is Form.ITEM else ""
    return hanging(said, width, first=bullet, rest=" " * len(bullet))


def tally(answer: Answer) -> str:
    """Return "7 of 8 claims supported; 1 withheld"."""
    shown = [claim for claim in answer.claims if claim.counted]
    withheld = sum(claim.counted for claim in answer.withheld)
    carried = sum(claim.carried for claim in shown)
    partly = sum(claim.support is Support.PARTIAL for claim in shown)
    total = len(shown) + withheld
    parts = [f"{carried} of {total} {'claim' if total == 1 else 'claims'} supported"]
    parts += [f"{partly} partly"] if partly else []
    return ", ".join(parts) + (f"; {withheld} withheld" if withheld else "")


def foot_lines(answer: Answer, width: int | None) -> list[Text]:
    """Return what stands under a chat model's answer: the count, and why it ended early if it did."""
    lines = hanging(Text(f"{tally(answer)}. Written by {line(answer.answerer)}.", QUIET), width)
    if answer.cut:
        lines += hanging(Text(f"The answer ended early: {line(answer.cut)}.", NO), width)
    return lines


def written_why(answer: Answer, width: int | None) -> list[Text]:
    """Return how a chat model's answer came about: the count, every claim withheld, what it cost."""
    lines = hanging(Text(f"{tally(answer)}."), width) if answer.claims or answer.withheld else []
    for claim in answer.withheld:
        remark = "says that the passages do not hold it" if claim.form is Form.REMARK else ""
        why = "; ".join(filter(None, [*claim.problems, remark])) or "no article carries it"
        lines += hanging(Text(line(claim.text)), width, first=Text("✗ ", NO), rest="  ")
        about = f"withheld: {line(why)} (probability {claim.probability:.2f})"
        lines += hanging(Text(about, QUIET), width, first="  ", rest="  ")
    if answer.usage:
        spent = f"{answer.usage.input_tokens:,} tokens sent, {answer.usage.output_tokens:,} received"
        lines += hanging(Text(f"{spent}{' (estimated)' if answer.usage.estimated else ''}.", QUIET), width)
    if answer.timings:
        times = ", ".join(f"{step.replace('_', ' ')} {time:,.0f} ms" for step, time in answer.timings.items())
        lines += hanging(Text(f"{times[0].upper()}{times[1:]}.", QUIET), width)
    return lines
