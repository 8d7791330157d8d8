/** What two sequences share in order: the longest common subsequence. */

/** For each item of `one`, its place in `two` where both share it, or -1; as many shared as there can be, as early as can be. */
export function commonOrder<T>(one: readonly T[], two: readonly T[]): readonly number[] {
  const width = two.length + 1
  const best = new Int32Array((one.length + 1) * width)
  for (let i = one.length - 1; i >= 0; i--) {
    for (let j = two.length - 1; j >= 0; j--) {
      const shared = one[i] === two[j] ? (best[(i + 1) * width + j + 1] ?? 0) + 1 : 0
      best[i * width + j] = Math.max(shared, best[(i + 1) * width + j] ?? 0, best[i * width + j + 1] ?? 0)
    }
  }
  let j = 0
  return one.map((item, i) => {
    for (let place = j; place < two.length; place++) {
      const shared = item === two[place] ? (best[(i + 1) * width + place + 1] ?? 0) + 1 : 0
      if (shared === 0 || shared < (best[i * width + j] ?? 0)) continue
      j = place + 1
      return place
    }
    return -1
  })
}
