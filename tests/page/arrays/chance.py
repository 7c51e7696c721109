"""How far chance gets: every result of short and long tests, and orders of scores with and without ties."""

from itertools import permutations, product

from spectrogramtools.blind.chance import by_guessing, kendall


def cases():
    yield dict(rounds=[[by_guessing(right, n) for right in range(n + 1)] for n in range(1, 31)])
    orders = [*permutations((3.0, 1.5, -2.0, 9.1)), *product((1.0, 2.0), repeat=4)]
    yield dict(orders=[dict(scores=list(scores), tau=kendall(scores)) for scores in orders])
