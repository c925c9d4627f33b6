"""Foreign subjects for the route tests: one of every kind, owned by a hospital of another county.

A route about a kind that has no function here fails its test. To add a kind, write a function and decorate it with
``@subject(Subject.X)``; it returns values for the arguments of the addresses, by name. A route whose arguments mean
something else gets its own function with ``@arguments_of("area.topic.name")``; a page about nobody in particular finds
its arguments in ``OPEN``. Every text in ``MARKS`` belongs to the foreign county and must not appear in any list.
"""

from tests.routes.subjects import exchange, governance, insurance, registry
from tests.routes.subjects.making import FIELDS, HERE, MARKS, QUERIES, ROUTES, SUBJECTS, World, arguments

__all__ = [
    "FIELDS",
    "HERE",
    "MARKS",
    "QUERIES",
    "ROUTES",
    "SUBJECTS",
    "World",
    "arguments",
    "exchange",
    "governance",
    "insurance",
    "registry",
]
