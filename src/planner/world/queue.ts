/** A queue of numbers: the lowest key comes out first, and among equal keys what was put in first. */
export interface Queue {
  readonly size: number
  /** The key of what was taken last. */
  readonly key: number
  push(item: number, key: number): void
  pop(): number | undefined
  clear(): void
}

/** A queue for any keys. */
export function createQueue(): Queue {
  const keys: number[] = []
  const turns: number[] = []
  const items: number[] = []
  let turn = 0
  let last = 0
  const put = (at: number, key: number, order: number, item: number) => {
    keys[at] = key
    turns[at] = order
    items[at] = item
  }
  const isBefore = (at: number, key: number, order: number): boolean => {
    const other = keys[at] ?? 0
    return other < key || (other === key && (turns[at] ?? 0) < order)
  }
  const move = (from: number, to: number) => put(to, keys[from] ?? 0, turns[from] ?? 0, items[from] ?? 0)
  return {
    get size() {
      return items.length
    },
    get key() {
      return last
    },
    push(item, key) {
      turn += 1
      let at = items.length
      put(at, key, turn, item)
      while (at > 0) {
        const parent = (at - 1) >> 1
        if (isBefore(parent, key, turn)) break
        move(parent, at)
        at = parent
      }
      put(at, key, turn, item)
    },
    pop() {
      const top = items[0]
      last = keys[0] ?? 0
      const key = keys.pop() ?? 0
      const order = turns.pop() ?? 0
      const item = items.pop()
      if (item === undefined || items.length === 0) return top
      let at = 0
      for (;;) {
        const left = 2 * at + 1
        if (left >= items.length) break
        const right = left + 1
        const child = right < items.length && isBefore(right, keys[left] ?? 0, turns[left] ?? 0) ? right : left
        if (!isBefore(child, key, order)) break
        move(child, at)
        at = child
      }
      put(at, key, order, item)
      return top
    },
    clear() {
      keys.length = 0
      turns.length = 0
      items.length = 0
    },
  }
}

/** A quicker queue for keys that are small whole numbers and never fall below the key taken last. */
export function createBuckets(): Queue {
  const buckets: number[][] = []
  let used = 0
  let size = 0
  let key = 0
  let taken = 0
  return {
    get size() {
      return size
    },
    get key() {
      return key
    },
    push(item, at) {
      while (buckets.length <= at) buckets.push([])
      buckets[at]?.push(item)
      if (at >= used) used = at + 1
      size += 1
    },
    pop() {
      if (size === 0) return undefined
      let bucket = buckets[key] ?? []
      while (taken >= bucket.length) {
        bucket.length = 0
        taken = 0
        key += 1
        bucket = buckets[key] ?? []
      }
      size -= 1
      taken += 1
      return bucket[taken - 1]
    },
    clear() {
      for (let at = key; at < used; at++) if (buckets[at]?.length) buckets[at] = []
      used = 0
      size = 0
      key = 0
      taken = 0
    },
  }
}
