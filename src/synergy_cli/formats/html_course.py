"""The content of a course's web page, readable without a script: contents, pages, questions, glossary, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.page import GRADES
from synergy_cli.formats.html_blocks import Writer, escaped, link
from synergy_cli.formats.html_data import ALL, page_data, script
from synergy_cli.formats.html_frame import head, pictures
from synergy_cli.formats.html_questions import article
from synergy_cli.languages import say
from synergy_cli.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import Claim, Page
    from synergy_cli.course.question import Question
    from synergy_cli.course.sources import Source
    from synergy_cli.formats.format import Bank


class Content:
    """What the page of a course shows.

    Attributes:
        pages: the pages that belong to it by id.
        sources: those that they cite, by key.
        terms: of the glossary.
        topics: the ids of the pages, and of other topics with questions; empty for questions that have none.
        links: where each page and heading is in the document, by what a link to it says.
    """

    def __init__(self, bank: Bank) -> None:
        """Gather it."""
        self.bank, self.language = bank, bank.language
        self.questions: dict[str, list[Question]] = {}
        for question in bank.questions:
            self.questions.setdefault(question.topic, []).append(question)
        course = bank.course
        read = [course.page(name) for name in bank.pages] if course is not None else []
        self.pages = {page.id: page for page, _ in read}
        self.sources = {key: source for _, sources in read for key, source in sources.items()}
        self.terms = course.terms if course is not None else ()
        self.topics = [name for name in ("", *bank.topics) if name in self.pages or name in self.questions]
        self.links = dict(_links(self.pages.values()))

    def document(self) -> Iterator[str]:
        """Yield the page, part by part."""
        code = script(ALL) if self.bank.questions else ""
        yield head(self.bank.title, self.language, code)
        yield f'<body>\n<a class=skip href="#_main">{self.say("Skip to the text")}</a>\n'
        yield f"<header>{self.title}{self.contents}</header>\n<main id=_main>\n"
        yield from map(self.section, self.topics)
        yield f"{self.glossary}{self.references}</main>\n{self.imprint}"
        yield f"<p id=_back hidden>{self.say('Back to the text')}</p>\n"
        if code:
            data = page_data(self.bank.id, self.language, self.bank.questions)
            yield f"<script type=application/json id=_data>{data}</script>\n<script type=module>{code}</script>\n"
        yield "</body>\n</html>\n"

    def say(self, text: str) -> str:
        """Return a text in the course's language, escaped."""
        return escaped(say(text, self.language))

    @property
    def title(self) -> str:
        """Write the course's title, and what it says about itself."""
        about = self.bank.course.manifest.description if self.bank.course is not None else ""
        return f"<h1>{escaped(self.bank.title)}</h1>" + (f"<p>{escaped(about)}" if about else "")

    @property
    def contents(self) -> str:
        """Write the list of sections, each with its reading time."""
        items = [self._entry(name) for name in self.topics if name]
        items += [f'<li><a href="#_glossary">{self.say("Glossary")}</a>'] if self.terms else []
        items += [f'<li><a href="#_sources">{self.say("Sources")}</a>'] if self.sources else []
        word = self.say("Contents")
        return f'<nav aria-label="{word}"><h2>{word}</h2><ol>{"".join(items)}</ol></nav>' if items else ""

    def _entry(self, name: str) -> str:
        minutes = self.pages[name].minutes if name in self.pages else 0
        time = escaped(say("{minutes} min", self.language, minutes=minutes))
        more = f" <small>{time}</small>" if minutes else ""
        return f'<li><a href="#{escaped(name)}">{escaped(self.bank.topics[name])}</a>{more}'

    def section(self, name: str) -> str:
        """Write a topic: its page, if it has one, then its questions."""
        page, folder = self.pages.get(name), self.bank.folder
        own = {key.removeprefix(name): place for key, place in self.links.items() if key.startswith(f"{name}#")}
        numbers = {key: number for number, key in enumerate(page.citations if page else (), start=1)}
        writer = Writer(
            self.language, pictures(folder), page.number if page is not None else 0, {**self.links, **own}, numbers
        )
        heading = f'<h2 id="{escaped(name)}">{escaped(self.bank.topics[name])}</h2>' if name else ""
        text = self.page(page, writer) if page is not None else ""
        asked = "".join(article(question, writer, self.links) for question in self.questions.get(name, ()))
        asked = f"<section class=questions><h3>{self.say('Questions')}</h3>{asked}</section>" if asked else ""
        return f"<article>{heading}{text}{asked}</article>\n"

    def page(self, page: Page, writer: Writer) -> str:
        """Write a page: its summary and text, what is known and how well, and the sources."""
        html = f"<p class=summary>{escaped(page.summary)}" if page.summary else ""
        html += f"<div class=text>{writer.blocks(page.blocks)}</div>"
        claims = "".join(self._claim(claim, writer) for claim in page.claims)
        html += f"<h3>{self.say('Evidence')}</h3><ul class=evidence>{claims}</ul>" if claims else ""
        cited = "".join(self._cited(self.sources[key], writer) for key in page.citations)
        return html + (f"<h3>{self.say('References')}</h3><ol class=references>{cited}</ol>" if cited else "")

    def _claim(self, claim: Claim, writer: Writer) -> str:
        grade, meaning = say(claim.grade, self.language).capitalize(), say(GRADES[claim.grade], self.language)
        told = say("{grade}: {meaning}.", self.language, grade=grade, meaning=meaning)
        cites = writer.cite(claim.sources) if claim.sources else ""
        return f"<li>{escaped(' '.join(claim.claim.split()))}{cites}<br><small>{escaped(told)}</small>"

    def _cited(self, source: Source, writer: Writer) -> str:
        """Write a source of a page: a link to all that is known of it, and one to where the page cites it first."""
        full = link(f"#{_place('s', source.key)}", escaped(source.label))
        back = f"<a href=#{writer.cited[source.key]} aria-labelledby=_back>↩</a>"
        return f"<li id={writer.reference(source.key)}>{full} {back}"

    @property
    def references(self) -> str:
        """Write the list of all sources, each with its address."""
        listed = sorted(self.sources.values(), key=lambda source: fold(source.reference))
        items = "".join(
            f'<li id="{escaped(_place("s", one.key))}">{link(one.url, escaped(one.reference))}' for one in listed
        )
        title = f"<h2 id=_sources>{self.say('Sources')}</h2>"
        return f"<article>{title}<ul class=references>{items}</ul></article>\n" if items else ""

    @property
    def glossary(self) -> str:
        """Write the glossary."""
        items = "".join(map(self._term, self.terms))
        title = f"<h2 id=_glossary>{self.say('Glossary')}</h2>"
        return f"<article>{title}<dl>{items}</dl></article>\n" if items else ""

    def _term(self, term: Term) -> str:
        """Write a term with its other names, what it means, and links to terms that are worth reading."""
        also = f" <small>({escaped(', '.join(term.also))})</small>" if term.also else ""
        see = ", ".join(link(f"#{_place('t', name)}", escaped(name)) for name in term.see)
        more = f" <small>{self.say('See also:')} {see}</small>" if see else ""
        name = f'<dt id="{escaped(_place("t", term.name))}">{escaped(term.name)}{also}'
        return f"{name}<dd>{escaped(term.definition)}{more}"

    @property
    def imprint(self) -> str:
        """Write who made the course, its version and its licence."""
        about = self.bank.course.manifest if self.bank.course is not None else None
        known: Sequence[str] = (", ".join(about.authors), about.version, about.licence) if about is not None else ()
        told = " · ".join(filter(None, known))
        return f"<footer><p>{escaped(told)}</footer>\n" if told else ""


def _links(pages: Iterable[Page]) -> Iterator[tuple[str, str]]:
    for page in pages:
        yield from ((f"{page.id}#{heading.id}", f"#{page.number}:{heading.id}") for heading in page.headings)
        yield from ((name, f"#{page.id}") for name in (page.id, f"{page.id}#"))


def _place(kind: str, name: str) -> str:
    """Return the id of a term or a source in the document."""
    return f"{kind}:{'-'.join(name.split())}"
