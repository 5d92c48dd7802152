// Placeholder bodies; the polynomial versions replace them file-internally.
export const exp = (x: number): number => Math.exp(x);
export const expm1 = (x: number): number => Math.expm1(x);
export const log = (x: number): number => Math.log(x);
export const log1p = (x: number): number => Math.log1p(x);
export const sin = (x: number): number => Math.sin(x);
export const cos = (x: number): number => Math.cos(x);
export const tan = (x: number): number => Math.tan(x);
export const atan = (x: number): number => Math.atan(x);
export const sinh = (x: number): number => Math.sinh(x);
export const cosh = (x: number): number => Math.cosh(x);
export const tanh = (x: number): number => Math.tanh(x);
export const pow = (x: number, y: number): number => x ** y;
