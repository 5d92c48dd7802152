"""Prints the constants of solvers/math: near-minimax fits (Chebyshev nodes, 60 digits) and split constants.

Run: python3 bench/elementary-coefficients.py
"""
from mpmath import mp, mpf, matrix, lu_solve, cos, sin, tan, exp, log, atan, sinh, tanh, pi, floor, ldexp, frexp

mp.dps = 60


def nodes(lo, hi, n):
    return [(lo + hi) / 2 + (hi - lo) / 2 * cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)]


def polynomial(name, f, lo, hi, n, weight=lambda z: mpf(1)):
    """Interpolates f by n coefficients; the error printed is max |fit(rounded) - f| * weight, relative to the whole function."""
    zs = nodes(mpf(lo), mpf(hi), n)
    a = matrix(n, n)
    for i, z in enumerate(zs):
        for j in range(n):
            a[i, j] = z**j
    c = [float(v) for v in lu_solve(a, matrix([f(z) for z in zs]))]
    grid = [mpf(lo) + (mpf(hi) - mpf(lo)) * i / 401 for i in range(1, 401)]
    error = max(abs(sum(mpf(v) * z**j for j, v in enumerate(c)) - f(z)) * abs(weight(z)) for z in grid)
    print(f"{name}: error 2^{mp.nstr(log(error, 2), 4)}")
    for v in c:
        print(f"  {v!r}")


def rational(name, f, lo, hi, n, m, weight):
    """f = P/Q with n coefficients in P and m below the leading one (= 1) in Q."""
    zs = nodes(mpf(lo), mpf(hi), n + m)
    a = matrix(n + m, n + m)
    b = matrix(n + m, 1)
    for i, z in enumerate(zs):
        for j in range(n):
            a[i, j] = z**j
        for j in range(m):
            a[i, n + j] = -f(z) * z**j
        b[i] = f(z) * z**m
    s = lu_solve(a, b)
    p, q = [float(v) for v in s[:n]], [float(v) for v in s[n:]]
    grid = [mpf(lo) + (mpf(hi) - mpf(lo)) * i / 401 for i in range(1, 401)]
    value = lambda z: sum(mpf(v) * z**j for j, v in enumerate(p)) / (sum(mpf(v) * z**j for j, v in enumerate(q)) + z**m)
    error = max(abs(value(z) - f(z)) * abs(weight(z)) for z in grid)
    print(f"{name}: error 2^{mp.nstr(log(error, 2), 4)}")
    print("  P", *(repr(v) for v in p), sep="\n  ")
    print("  Q", *(repr(v) for v in q), sep="\n  ")


def parts(name, value, bits):
    """Splits value into parts of the given numbers of bits (None: a rounded double)."""
    rest, out = mpf(value), []
    for b in bits:
        if b is None:
            part = mpf(float(rest))
        else:
            _, e = frexp(rest)
            part = ldexp(floor(ldexp(rest, b - e)), e - b)
        out.append(repr(float(part)))
        rest -= part
    print(f"{name}:", *out, sep="\n  ")


def root(f):
    """Even part of a fit in z = x^2."""
    return lambda z: f(mp.sqrt(z))


R = mpf("0.34660")
polynomial("exp (e^r - 1 - r - r^2/2) / r^3", lambda r: (exp(r) - 1 - r - r * r / 2) / r**3, -R, R * mpf("1.001"), 10, lambda r: r**3)
L = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
polynomial("log (log((1+s)/(1-s)) - 2s) / s / z", root(lambda s: (log((1 + s) / (1 - s)) - 2 * s) / s**3), mpf(10) ** -30, L**2 * mpf("1.0005"), 7, lambda z: z)
Q = (pi / 4) ** 2 * mpf("1.0005")
polynomial("sin (sin y - y) / y^3", root(lambda y: (sin(y) - y) / y**3), mpf(10) ** -30, Q, 6, lambda z: z)
polynomial("cos (cos y - 1 + y^2/2) / y^4", root(lambda y: (cos(y) - 1 + y * y / 2) / y**4), mpf(10) ** -30, Q, 6, lambda z: z * z)
polynomial("sin of turns (sin(pi y / 2) / y - 1) / (1 - y^2)", root(lambda y: (sin(pi * y / 2) / y - 1) / (1 - y * y)), mpf(10) ** -30, 1 - mpf(10) ** -20, 8, lambda z: 1 - z)
polynomial("atan (atan t - t) / t^3", root(lambda t: (atan(t) - t) / t**3), mpf(10) ** -30, mpf(49) / 256, 11, lambda z: z)
polynomial("sinh (sinh x - x) / x^3", root(lambda x: (sinh(x) - x) / x**3), mpf(10) ** -30, mpf(1), 8, lambda z: z)
rational("tanh (tanh x - x) / x^3", root(lambda x: (tanh(x) - x) / x**3), mpf(10) ** -30, mpf("0.3025"), 3, 3, lambda z: z)
polynomial("pow (log((1+s)/(1-s)) / s - 2 - 2z/3 - 2z^2/5) / z^3", root(lambda s: (log((1 + s) / (1 - s)) / s - 2 - 2 * s**2 / 3 - 2 * s**4 / 5) / s**6), mpf(10) ** -12, L**2 * mpf("1.0005"), 9, lambda z: z**3)
parts("ln 2", log(2), [32, None])
parts("ln 2, three parts", log(2), [32, 33, None])
print("2 / pi:", repr(float(2 / pi)))
parts("pi / 2", pi / 2, [32, 32, None])
parts("2 / 3", mpf(2) / 3, [None, None])
parts("2 / 5", mpf(2) / 5, [None, None])
for label, value in [("atan 1/2", atan(mpf(1) / 2)), ("pi / 4", pi / 4), ("atan 3/2", atan(mpf(3) / 2)), ("pi / 2", pi / 2)]:
    parts(label, value, [None, None])
mp.dps = 420
print("2 / pi * 2^1200:", hex(int(floor(ldexp(2 / pi, 1200)))))
print("pi / 2 * 2^200:", hex(int(floor(ldexp(pi / 2, 200)))))
