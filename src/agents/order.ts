/** The order of names: the same on every machine, whatever its language. */

/** Below zero when `a` comes before `b`; by code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
