"""居民服务: register, find by any credential, match, merge; the other topics use this module alone."""

from sanyi.registry.people.services import review
from sanyi.registry.people.services.counts import Residents, residents
from sanyi.registry.people.services.identity import (
    find,
    kind_of_certificate,
    lookup_key,
    lookup_keys,
    resolve,
    resolve_frame,
)
from sanyi.registry.people.services.loading import Load, load_people
from sanyi.registry.people.services.matching import active_credentials, records_of, root_of
from sanyi.registry.people.services.merging import propose, propose_by_hand, survivor_of, unmerge
from sanyi.registry.people.services.registration import (
    CredentialFacts,
    Outcome,
    PersonFacts,
    Registration,
    add_category,
    add_credential,
    categories,
    end_category,
    prefer_credential,
    register_person,
    withdraw_credential,
)
from sanyi.registry.people.services.rotation import rotate
from sanyi.registry.people.services.search import find_by_number, search

review.register()

__all__ = [
    "CredentialFacts",
    "Load",
    "Outcome",
    "PersonFacts",
    "Registration",
    "Residents",
    "active_credentials",
    "add_category",
    "add_credential",
    "categories",
    "end_category",
    "find",
    "find_by_number",
    "kind_of_certificate",
    "load_people",
    "lookup_key",
    "lookup_keys",
    "prefer_credential",
    "propose",
    "propose_by_hand",
    "records_of",
    "register_person",
    "residents",
    "resolve",
    "resolve_frame",
    "root_of",
    "rotate",
    "search",
    "survivor_of",
    "unmerge",
    "withdraw_credential",
]
