"""口令散列: argon2id with the cost that OWASP's password storage guide names first (docs/decisions/0008)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """口令散列: argon2id, 19 MiB, two passes, one lane: about 20 ms of processor time a sign-in.

    Django's own parameters take 100 MiB and eight lanes for one sign-in; ten at once would hold a gigabyte.
    """

    time_cost = 2
    memory_cost = 19_456
    parallelism = 1
