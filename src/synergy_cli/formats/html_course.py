"""The content of a course's web page, readable without a script: contents, pages, questions, glossary, sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from synergy_cli.course.page import GRADES
from synergy_cli.formats.html_blocks import Citations, Writer, escaped, link, value
from synergy_cli.formats.html_data import ALL, loader, packed, page_data, script
from synergy_cli.formats.html_frame import head, pictures
from synergy_cli.formats.html_questions import article
from synergy_cli.languages import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from synergy_cli.course.glossary import Term
    from synergy_cli.course.page import Claim, Page
    from synergy_cli.course.question import Question
    from synergy_cli.formats.format import Bank


class Content:
    """The content of a course's page.

    Attributes:
        pages: by id.
        sources: those the pages cite, by key, in order of first citation.
        terms: of the glossary.
        topics: the ids of pages and other topics with questions, in course order; empty for questions without a topic.
        links: the anchor of each page and heading in the document, by link target.
    """

    def __init__(self, bank: Bank) -> None:
        """Gather the content."""
        self.bank, self.language = bank, bank.language
        self.questions: dict[str, list[Question]] = {}
        for question in bank.questions:
            self.questions.setdefault(question.topic, []).append(question)
        course = bank.course
        read = [course.page(name) for name in bank.pages] if course is not None else []
        self.pages = {page.id: page for page, _ in read}
        self.sources = {key: sources[key] for page, sources in read for key in page.citations}
        self.citations = Citations(self.sources)
        self.terms = course.terms if course is not None else ()
        topics = [name for name in ("", *bank.topics) if name in self.pages or name in self.questions]
        self.topics = sorted(topics, key=lambda name: name not in self.pages)
        self.links = dict(_links(self.pages.values()))

    def document(self) -> Iterator[str]:
        """Yield the page, part by part."""
        scripts = (loader(), script(ALL)) if self.bank.questions else ()
        yield head(self.bank.title, self.language, scripts)
        yield f"<body>\n<a class=skip href=#_main>{self.say('Skip to the text')}</a>\n"
        yield f"<header>{self.title}{self.contents}</header>\n<main id=_main>\n"
        yield from map(self.section, self.topics)
        yield f"{self.glossary}{self.references}</main>\n{self.imprint}"
        yield f"<p id=_back hidden>{self.say('Back to the text')}</p>\n"
        if scripts:
            asked = [question for name in self.topics for question in self.questions.get(name, ())]
            data = packed(page_data(self.bank.id, self.language, asked), scripts[-1])
            yield f"<script type=text/plain id=_data>{data}</script>\n<script type=module>{scripts[0]}</script>\n"
        yield "</body>\n</html>\n"

    def say(self, text: str) -> str:
        """Return a text in the course's language, escaped."""
        return escaped(say(text, self.language))

    @property
    def title(self) -> str:
        """Write the course's title and description."""
        about = self.bank.course.manifest.description if self.bank.course is not None else ""
        old = self.say("This browser is too old for the quiz. Below each question you can open its answer.")
        shown = f"<h1>{escaped(self.bank.title)}</h1>" + (f"<p>{escaped(about)}" if about else "")
        return f"{shown}<p id=_old hidden>{old}" if self.bank.questions else shown

    @property
    def contents(self) -> str:
        """Write the list of sections, each with its reading time."""
        items = [self._entry(name) for name in self.topics if name]
        items += ["<li>" + link("#_glossary", self.say("Glossary"))] if self.terms else []
        items += ["<li>" + link("#_sources", self.say("Sources"))] if self.sources else []
        word = self.say("Contents")
        return f'<nav aria-label="{word}"><h2>{word}</h2><ol>{"".join(items)}</ol></nav>' if items else ""

    def _entry(self, name: str) -> str:
        minutes = self.pages[name].minutes if name in self.pages else 0
        time = escaped(say("{minutes} min", self.language, minutes=minutes))
        more = f" <small>{time}</small>" if minutes else ""
        return f"<li>{link(f'#{name}', escaped(self.bank.topics[name]))}{more}"

    def section(self, name: str) -> str:
        """Write a topic: its page, if it has one, then its questions."""
        page, folder = self.pages.get(name), self.bank.folder
        own = {key.removeprefix(name): place for key, place in self.links.items() if key.startswith(f"{name}#")}
        number = page.number if page is not None else 0
        writer = Writer(self.language, pictures(folder), number, {**self.links, **own}, self.citations)
        heading = f"<h2 id={value(name)}>{escaped(self.bank.topics[name])}</h2>" if name else ""
        text = self.page(page, writer) if page is not None else ""
        asked = "".join(article(question, writer, self.links) for question in self.questions.get(name, ()))
        asked = f"<section class=questions><h3>{self.say('Questions')}</h3><ul>{asked}</ul></section>" if asked else ""
        return f"<article>{heading}{text}{asked}</article>\n"

    def page(self, page: Page, writer: Writer) -> str:
        """Write a page: its summary, its text, and its claims with the evidence."""
        html = f"<p class=summary>{escaped(page.summary)}" if page.summary else ""
        html += f"<div class=text>{writer.blocks(page.blocks)}</div>"
        claims = "".join(map(self._claim, page.claims))
        return html + (f"<h3>{self.say('Evidence')}</h3><ul class=evidence>{claims}</ul>" if claims else "")

    def _claim(self, claim: Claim) -> str:
        grade, meaning = say(claim.grade, self.language).capitalize(), say(GRADES[claim.grade], self.language)
        told = say("{grade}: {meaning}.", self.language, grade=grade, meaning=meaning)
        cites = self.citations.cite(claim.sources) if claim.sources else ""
        return f"<li>{escaped(' '.join(claim.claim.split()))}{cites}<br><small>{escaped(told)}</small>"

    @property
    def references(self) -> str:
        """Write the list of all sources, each with its address and a link to the text that cites it first."""
        items = "".join(
            f"<li {self.citations.place(key)}>{link(one.url, escaped(one.reference))} {self.citations.back(key)}"
            for key, one in self.sources.items()
        )
        title = f"<h2 id=_sources>{self.say('Sources')}</h2>"
        return f"<article>{title}<ol class=references>{items}</ol></article>\n" if items else ""

    @property
    def glossary(self) -> str:
        """Write the glossary."""
        places = {term.name: f"t:{number}" for number, term in enumerate(self.terms)}
        items = "".join(self._term(term, places) for term in self.terms)
        title = f"<h2 id=_glossary>{self.say('Glossary')}</h2>"
        return f"<article>{title}<dl>{items}</dl></article>\n" if items else ""

    def _term(self, term: Term, places: Mapping[str, str]) -> str:
        """Write a term with its other names, its meaning, and links to related terms."""
        also = f" <small>({escaped(', '.join(term.also))})</small>" if term.also else ""
        see = ", ".join(
            link(f"#{places[name]}", escaped(name)) if name in places else escaped(name) for name in term.see
        )
        more = f" <small>{self.say('See also:')} {see}</small>" if see else ""
        return f"<dt id={places[term.name]}>{escaped(term.name)}{also}<dd>{escaped(term.definition)}{more}"

    @property
    def imprint(self) -> str:
        """Write the authors, version and licence of the course."""
        about = self.bank.course.manifest if self.bank.course is not None else None
        known: Sequence[str] = (", ".join(about.authors), about.version, about.licence) if about is not None else ()
        told = " · ".join(filter(None, known))
        return f"<footer><p>{escaped(told)}</footer>\n" if told else ""


def _links(pages: Iterable[Page]) -> Iterator[tuple[str, str]]:
    for page in pages:
        yield from ((f"{page.id}#{heading.id}", f"#{page.number}:{heading.id}") for heading in page.headings)
        yield from ((name, f"#{page.id}") for name in (page.id, f"{page.id}#"))
