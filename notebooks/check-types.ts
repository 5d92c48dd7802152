// Compiled by tslab's own TypeScript 5.0, as a cell would be: the package's types must be there, and must not be `any`.
import { compare, display, exactLaw, gaussian, sample, toy, vp } from "score-sde";
import { eulerMaruyama } from "score-sde/solvers";

const sde = vp({});
const law = await exactLaw({ sde, target: gaussian({ mean: [0], standardDeviation: 1 }), solver: "em", steps: 10 });
const w2: number = law.w2;
const drawn = await sample({ sde, target: toy("trimodal"), solver: eulerMaruyama.create(), steps: 2 });
const first: number = drawn.samples.get(0, 0);
await display([{ w2, first }]);

// @ts-expect-error an unknown option is an error, so the options are typed
await compare({ sde, target: toy("trimodal"), solvers: ["em"], step: [10] });
// @ts-expect-error a wrong element type is an error, so arrays are not `any`
const wrong: string = drawn.samples.data[0];
// @ts-expect-error an unknown toy is an error
toy("three-humped-camel");

export { wrong };
