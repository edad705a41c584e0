"""A hasher for tests that are not about hashing: the real one with the least work that Argon2 allows."""

from conference.accounts.passwords import Argon2idHasher


class CheapHasher(Argon2idHasher):
    time_cost = 1
    memory_cost = 8
    parallelism = 1
