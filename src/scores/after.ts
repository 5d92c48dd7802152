import type { Awaitable } from "../../solvers/types.js";

/** next(value), at once where the value is there and later where it is promised. */
export function after<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return value instanceof Promise ? value.then(next) : next(value);
}
