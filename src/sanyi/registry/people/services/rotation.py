"""换密钥: what older keys sealed is sealed anew, batch by batch, while the system runs."""

from __future__ import annotations

from django.db import transaction

from sanyi.registry.people.codes import CredentialKind
from sanyi.registry.people.models import Credential, Person
from sanyi.registry.people.services import key_ring, sealing


@transaction.atomic
def rotate(batch_size: int = 1000) -> int:
    """换密钥: seals and keys anew, under the present keys, up to a batch of credentials and phones; returns how many.

    Called again until it returns 0; then the older keys may be taken out of the ring.
    """
    ring, lookups = key_ring.encryption().present, key_ring.lookup().present
    stale = Credential.objects.select_for_update().exclude(key_id=ring, lookup_key_id=lookups).order_by("id")
    changed = []
    for credential in stale[:batch_size]:
        number = sealing.unseal(sealing.CREDENTIAL_VALUE, credential.key_id, credential.value_ciphertext)
        credential.value_ciphertext, credential.key_id = sealing.seal(sealing.CREDENTIAL_VALUE, number)
        credential.lookup = sealing.lookup_value(CredentialKind(credential.kind), number)
        credential.lookup_key_id = lookups
        changed.append(credential)
    Credential.objects.bulk_update(changed, ["value_ciphertext", "key_id", "lookup", "lookup_key_id"], batch_size=200)
    people = list(
        Person.objects.exclude(phone_key_id__in=["", ring]).order_by("person_id")[: batch_size - len(changed)]
    )
    for person in people:
        assert person.phone_ciphertext is not None
        phone = sealing.unseal(sealing.PERSON_PHONE, person.phone_key_id, person.phone_ciphertext)
        person.phone_ciphertext, person.phone_key_id = sealing.seal(sealing.PERSON_PHONE, phone)
    Person.objects.bulk_update(people, ["phone_ciphertext", "phone_key_id"], batch_size=200)
    return len(changed) + len(people)
