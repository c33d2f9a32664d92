"""What a public text says of itself to search engines: schema.org, as JSON-LD."""

from typing import Any

from portal.domain.knowledge import FAQ, address
from portal.services.knowledge import ItemPage
from portal.web.addresses import of_portal


def addresses(page: ItemPage) -> dict[str, str]:
    """The address of each language that the text stands in."""
    path = address(page.line.slug)
    return {code: of_portal(path, locale=code) for code in page.locales}


def described(page: ItemPage, vendor: str) -> dict[str, Any]:
    """FAQPage for a question and its answer, Article for everything else."""
    line = page.line
    about = {
        "@context": "https://schema.org",
        "inLanguage": line.locale,
        "url": addresses(page)[line.locale],
        "dateModified": page.updated_at.date().isoformat(),
        "datePublished": line.published_on.isoformat(),
        "publisher": {"@type": "Organization", "name": vendor},
    }
    if line.type == FAQ:
        answer = {"@type": "Answer", "text": page.html}
        question = {"@type": "Question", "name": line.title, "acceptedAnswer": answer}
        return {**about, "@type": "FAQPage", "mainEntity": [question]}
    return {**about, "@type": "Article", "headline": line.title, "description": line.summary}
