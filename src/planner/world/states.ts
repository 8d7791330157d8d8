/** States that were met, each once, packed one after another. */
import type { State } from './task.ts'

export interface States {
  readonly size: number
  /** The number of a state; a new one gets the next. */
  numberOf(state: State): number
  /** Copies a state into `into`. */
  read(number: number, into: State): void
}

/** An empty store of states of `words` words each. */
export function createStates(words: number): States {
  let pool = new Uint32Array(words * 1024)
  let table = new Int32Array(4096).fill(-1)
  let size = 0
  const slotOf = (state: State, offset: number): number => {
    let hash = 0x811c9dc5
    for (let word = 0; word < words; word++) {
      hash = Math.imul(hash ^ (state[offset + word] ?? 0), 0x9e3779b1)
      hash ^= hash >>> 15
    }
    const mask = table.length - 1
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const number = table[slot] ?? -1
      if (number < 0 || equals(state, offset, number)) return slot
    }
  }
  const equals = (state: State, offset: number, number: number): boolean => {
    const start = number * words
    for (let word = 0; word < words; word++) if (state[offset + word] !== pool[start + word]) return false
    return true
  }
  const grow = () => {
    if ((size + 1) * words > pool.length) {
      const larger = new Uint32Array(pool.length * 2)
      larger.set(pool)
      pool = larger
    }
    if (size * 2 < table.length) return
    table = new Int32Array(table.length * 2).fill(-1)
    for (let number = 0; number < size; number++) table[slotOf(pool, number * words)] = number
  }
  return {
    get size() {
      return size
    },
    numberOf(state) {
      const slot = slotOf(state, 0)
      const known = table[slot] ?? -1
      if (known >= 0) return known
      pool.set(state, size * words)
      table[slot] = size
      size += 1
      grow()
      return size - 1
    },
    read(number, into) {
      into.set(pool.subarray(number * words, (number + 1) * words))
    },
  }
}
