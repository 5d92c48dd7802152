import { FILES, FLOORS, roomOf, sources, target } from "../sources.js";

/** What each room is for, in the words of docs/architecture.md. */
const PURPOSES: Readonly<Record<string, string>> = {
  "src/cli": "commander commands: read options, call one experiment, print",
  "src/display": "charts, tables and arrays in a notebook cell or a terminal",
  "src/reports": "tables, charts (Vega-Lite), HTML, JSON; no numerics",
  "src/experiments": "compare, converge, verify …: orchestration, typed results",
  "src/verification": "exact laws, error budget, exact transport, Fokker–Planck",
  "src/metrics": "distances between laws or samples, with standard error",
  "src/training": "denoising score matching, networks, checkpoints",
  "src/sampling": "sample, likelihood, encoding: solvers on chunks of samples",
  "src/scores": "models: exact scores, user functions, conversions",
  "src/engine": "tensor functions: tfjs backends, or traced for ONNX Runtime",
  "src/targets": "data laws with their oracle",
  "src/sdes": "VP, sub-VP, VE, EDM, cosine, flow, tables of β, formulas",
  [FILES]: "arrays in files, atomic writes; usable from everywhere above",
  solvers: "the integrators: pure mathematics",
};

const ROW = 26;
const LABELS = 470;
const TOP = 118;

/** The rooms from top to bottom, and for each the rooms that its files import from. */
export function roomImports(): ReadonlyMap<string, ReadonlySet<string>> {
  const nameOf = (path: string) => (path.startsWith(`${FILES}/`) ? FILES : roomOf(path));
  const rooms = [...FLOORS.slice(1).reverse().flat(), FILES, "solvers"];
  const found = new Map(rooms.map((room) => [room, new Set<string>()]));
  for (const source of sources) {
    const room = nameOf(source.path);
    if (room === undefined) continue;
    for (const { from } of source.imports) {
      const other = from.startsWith(".") ? nameOf(target(source, from)) : undefined;
      if (other !== undefined && other !== room) found.get(room)?.add(other);
    }
  }
  return found;
}

/** A picture of the real imports: a dot where a room (row) imports from another (column). All dots lie above the diagonal. */
export function architecturePicture(): string {
  const imports = roomImports();
  const rooms = [...imports.keys()];
  const at = (index: number) => LABELS + ROW * index + ROW / 2;
  const width = LABELS + ROW * rooms.length + 14;
  const height = TOP + ROW * rooms.length + 12;
  const shortName = (room: string) => room.replace("src/", "");
  const text = (x: number, y: number, content: string, style = "") =>
    `<text x="${x}" y="${y}"${style}>${content}</text>`;
  const columns = rooms.map(
    (room, k) =>
      `<text transform="translate(${at(k) + 4},${TOP - 8}) rotate(-60)" font-size="12">${shortName(room)}</text>`,
  );
  const rows = rooms.flatMap((room, row) => {
    const y = TOP + ROW * row;
    const isFoundation = room === "solvers";
    const dots = rooms.flatMap((other, column) => {
      if (other === room) return `<rect x="${at(column) - 5}" y="${y + 8}" width="10" height="10" fill="#bbbbbb"/>`;
      return imports.get(room)?.has(other) ? `<circle cx="${at(column)}" cy="${y + 13}" r="6" fill="#0072B2"/>` : [];
    });
    return [
      `<rect x="4" y="${y + 1}" width="${width - 8}" height="${ROW - 2}" fill="${isFoundation ? "#fdf1d8" : row % 2 === 0 ? "#f4f6f8" : "#ffffff"}"/>`,
      text(12, y + 18, shortName(room), ' font-weight="bold"'),
      text(106, y + 18, PURPOSES[room] ?? "", ' font-size="12" fill="#444444"'),
      ...dots,
    ];
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="Arimo, Arial, Helvetica, sans-serif" font-size="14" fill="#111111">`,
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    text(12, 26, "Imports go downwards only", ' font-size="16" font-weight="bold"'),
    text(12, 48, "A dot: files of the row's room import from the column's room.", ' font-size="12" fill="#444444"'),
    text(12, 66, "Grey: the room itself. No dot lies to the left of it.", ' font-size="12" fill="#444444"'),
    ...columns,
    ...rows,
    "</svg>",
    "",
  ].join("\n");
}
