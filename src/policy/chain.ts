/**
 * The chain through a run's journal: every event's hash covers the one before it, so that an event cannot be changed,
 * taken out, put in or moved without every later hash being wrong.
 */
import { type Digest, digestBytes, type RunId } from '../core/index.ts'
import type { StoredEvent } from '../store/index.ts'

/** The hash of an event that follows the one whose hash is `previous` (none: it is the first). */
export function chainHash(
  run: RunId,
  previous: Digest | undefined,
  event: Pick<StoredEvent, 'seq' | 'at' | 'type' | 'body'>,
): Digest {
  // Of texts and whole numbers this is the canonical text already.
  return digestBytes(JSON.stringify([run, previous ?? null, event.seq, event.at, event.type, event.body]))
}

/** One thing that is wrong, in words. */
export interface Finding {
  readonly run?: RunId
  readonly seq?: number
  readonly what: string
}

/** Where a run's journal stood when it was last noted apart from the journal. */
export interface Head {
  readonly seq: number
  readonly hash: string
}

/**
 * What is wrong with the journal of `run`; empty when every event is in its place and as it was written. `head` tells
 * a journal whose end was cut off: it must reach there, with that hash.
 */
export async function verifyChain(
  run: RunId,
  events: AsyncIterable<StoredEvent> | Iterable<StoredEvent>,
  head?: Head,
): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  let last: StoredEvent | undefined
  for await (const event of events) {
    const { seq } = event
    const expected = (last?.seq ?? 0) + 1
    if (seq < expected) findings.push({ run, seq, what: `out of order: event ${expected} was expected` })
    if (seq > expected) findings.push({ run, seq, what: `gap: events ${expected} to ${seq - 1} are missing` })
    if (event.hash !== chainHash(run, last?.hash, event)) {
      findings.push({ run, seq, what: 'its hash does not match: it, or its link to the one before, was changed' })
    }
    if (seq === head?.seq && event.hash !== head.hash) {
      findings.push({ run, seq, what: 'it is another event than the record of the run notes' })
    }
    last = event
  }
  const end = last?.seq ?? 0
  if (head !== undefined && end < head.seq) {
    findings.push({ run, seq: end, what: `cut off: the journal ends here, but reached ${head.seq} before` })
  }
  return findings
}
