/** A queue that gives the cheapest first; among equals the one with the lowest number. */

export interface Heap {
  push(item: number, cost: number): void
  pop(): { readonly item: number; readonly cost: number } | undefined
}

/** An empty heap. */
export function createHeap(): Heap {
  const entries: { readonly item: number; readonly cost: number }[] = []
  const less = (a: number, b: number): boolean => {
    const one = entries[a]
    const two = entries[b]
    if (!one || !two) return false
    return one.cost < two.cost || (one.cost === two.cost && one.item < two.item)
  }
  const swap = (a: number, b: number) => {
    const one = entries[a]
    const two = entries[b]
    if (!one || !two) return
    entries[a] = two
    entries[b] = one
  }
  return {
    push(item, cost) {
      entries.push({ item, cost })
      for (let at = entries.length - 1; at > 0; ) {
        const parent = (at - 1) >> 1
        if (!less(at, parent)) break
        swap(at, parent)
        at = parent
      }
    },
    pop() {
      if (entries.length === 0) return undefined
      swap(0, entries.length - 1)
      const top = entries.pop()
      for (let at = 0; ; ) {
        const left = 2 * at + 1
        const child = less(left + 1, left) ? left + 1 : left
        if (!less(child, at)) break
        swap(child, at)
        at = child
      }
      return top
    },
  }
}
