"""Tags of patterns. Favourites and templates are patterns that bear a tag of that name."""

from msgspec.structs import replace

from store.documents import Pattern
from store.names import safe_tag

FAVOURITE = "favourite"
TEMPLATE = "template"


def with_tag(pattern: Pattern, tag: str) -> Pattern:
    """`pattern` with a tag, the last. Raises BadName where the text cannot be a tag."""
    tag = safe_tag(tag)
    return pattern if tag in pattern.tags else replace(pattern, tags=(*pattern.tags, tag))


def without_tag(pattern: Pattern, tag: str) -> Pattern:
    """`pattern` without a tag, which it need not have."""
    plain = tag.strip()
    return replace(pattern, tags=tuple(each for each in pattern.tags if each != plain))


def begun_from(pattern: Pattern) -> Pattern:
    """`pattern` as one works on from there: of a template that is a pattern without a name, and no template."""
    if TEMPLATE not in pattern.tags:
        return pattern
    return replace(without_tag(pattern, TEMPLATE), name=Pattern().name)
