"""Largest errors of solvers/math against mpmath, in ulp. Needs `npm run build`.

Run: python3 bench/elementary-accuracy.py [points per range, 20000]
"""
import json, math, os, struct, subprocess, sys
from mpmath import mpf
import mpmath

sys.path.append(os.path.join(os.path.dirname(__file__), "../tests/fixtures/elementary"))
from generate import NAMES, draw, generators, truth, ulp

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
MODULE = sys.argv[2] if len(sys.argv) > 2 else "../dist/solvers/math/elementary.js"
def evaluate(name, points):
    data = b"".join(struct.pack(f"<{len(p)}d", *p) for p in points)
    code = f"""
import * as f from {json.dumps(MODULE)};
import {{ readFileSync }} from "node:fs";
const bytes = readFileSync(0);
const x = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const n = {len(points[0])};
process.stdout.write(new Uint8Array(Float64Array.from({{length: x.length / n}}, (_, i) => f[{json.dumps(name)}](...x.subarray(n * i, n * i + n))).buffer));
"""
    out = subprocess.run(["node", "--input-type=module", "-e", code], input=data, capture_output=True, check=True, cwd=sys.path[0]).stdout
    return struct.unpack(f"<{len(points)}d", out)


def report(name):
    exact = truth(name)
    for i, generator in enumerate(generators(name)):
        points = draw(generator, COUNT)
        worst, where = mpf(0), None
        for p, got in zip(points, evaluate(name, points)):
            want = exact(*map(mpf, p))
            if float(want) in (0.0, math.inf):
                assert got == float(want), (name, p, got)
                continue
            error = abs(mpf(got) - want) / ulp(want)
            assert got == got, (name, p)
            if not error <= worst:
                worst, where = error, p
        print(f"{name:10s} range {i}: {mpmath.nstr(worst, 4)} ulp at {where}", flush=True)


for name in NAMES:
    report(name)
