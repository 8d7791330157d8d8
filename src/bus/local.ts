/**
 * The bus inside one process.
 *
 * 1. Who listens when a message is published gets it, unless he stops before it comes.
 * 2. Messages come in the order of `publish`, after the code that published them has run to its next wait.
 * 3. Everyone gets a body of his own, as it was when it was published: as from a bus that really crosses a border.
 */
import { MusterError } from '../core/index.ts'
import type { Bus, BusMessage } from './port.ts'

interface Subscription {
  readonly words: readonly string[]
  readonly listener: (message: BusMessage) => void
}

/**
 * Makes a bus for one process. An error of a listener, or a body that is not JSON, becomes a warning of the process.
 * `subscribe` throws `bad-input` for a malformed pattern and `closed` after disposal; `publish` says nothing then.
 */
export function createLocalBus(): Bus {
  // Most patterns name one subject: those are found without asking every other.
  const exact = new Map<string, Set<Subscription>>()
  const wild = new Set<Subscription>()
  const live = new Set<Subscription>()
  let closed = false

  const listenersOf = (subject: string): readonly Subscription[] => {
    const words = subject.split('.')
    return [...(exact.get(subject) ?? []), ...[...wild].filter(each => matches(each.words, words))]
  }

  const deliver = (subscription: Subscription, subject: string, text: string) => {
    if (!live.has(subscription)) return
    try {
      subscription.listener({ subject, body: JSON.parse(text) })
    } catch (thrown) {
      warn(`a listener of \`${subject}\` failed`, thrown)
    }
  }

  return {
    publish(subject, body) {
      const listeners = listenersOf(subject)
      const text = listeners.length > 0 ? jsonOf(subject, body) : undefined
      if (text === undefined) return
      queueMicrotask(() => {
        for (const listener of listeners) deliver(listener, subject, text)
      })
    },
    subscribe(pattern, listener) {
      if (closed) throw new MusterError('closed', 'the bus is closed')
      const subscription = { words: wordsOf(pattern), listener }
      const peers = isWild(subscription.words) ? wild : (exact.get(pattern) ?? new Set())
      if (peers !== wild) exact.set(pattern, peers)
      peers.add(subscription)
      live.add(subscription)
      return () => {
        peers.delete(subscription)
        live.delete(subscription)
        if (peers.size === 0 && exact.get(pattern) === peers) exact.delete(pattern)
      }
    },
    async [Symbol.asyncDispose]() {
      closed = true
      exact.clear()
      wild.clear()
      live.clear()
    },
  }
}

function wordsOf(pattern: string): readonly string[] {
  const words = pattern.split('.')
  const isGood = words.every((word, index) => word !== '' && (word !== '>' || index === words.length - 1))
  if (!isGood) {
    throw new MusterError('bad-input', `\`${pattern}\` is not a pattern of subjects`, {
      hint: 'join words by dots; `*` stands for one word, a last `>` for the rest',
    })
  }
  return words
}

function isWild(words: readonly string[]): boolean {
  return words.some(word => word === '*' || word === '>')
}

function matches(pattern: readonly string[], words: readonly string[]): boolean {
  if (pattern.at(-1) !== '>' && pattern.length !== words.length) return false
  if (pattern.length > words.length) return false
  return pattern.every((word, index) => word === '*' || word === '>' || word === words[index])
}

function jsonOf(subject: string, body: unknown): string | undefined {
  try {
    return JSON.stringify(body) ?? 'null'
  } catch (thrown) {
    warn(`a message on \`${subject}\` is not JSON`, thrown)
    return undefined
  }
}

function warn(what: string, thrown: unknown): void {
  process.emitWarning(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`, 'MusterBus')
}
