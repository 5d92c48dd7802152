/** Density levels whose regions above hold the given shares of the mass of an evenly spaced lattice. */
export function massLevels(density: readonly (readonly number[])[], shares: readonly number[]): number[] {
  const sorted = density
    .flat()
    .filter((value) => Number.isFinite(value) && value > 0)
    .sort((a, b) => b - a);
  const total = sorted.reduce((sum, value) => sum + value, 0);
  return shares.flatMap((share) => {
    let mass = 0;
    const level = sorted.find((value) => {
      mass += value;
      return mass >= share * total;
    });
    return level === undefined ? [] : [level];
  });
}
