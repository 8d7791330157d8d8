import { describe, expect, it } from 'vitest'
import { canonicalJson, type Digest, digestOf, runId, sealData } from '../../src/core/index.ts'
import { auditStore, chainHash, verifyChain } from '../../src/policy/index.ts'
import type { StoredEvent, StoredRecord } from '../../src/store/index.ts'

const run = runId('run-00000000000000000000000001')
const other = runId('run-00000000000000000000000002')
const labels = { trusted: true, origins: [], sensitivity: 'internal' } as const
const datum = sealData('Answer', 'yes', labels)

function journal(count: number, of = run, refs: readonly unknown[] = []): StoredEvent[] {
  const events: StoredEvent[] = []
  for (let seq = 1; seq <= count; seq++) {
    const body = canonicalJson({ seq, refs: seq === 1 ? refs : [] })
    const event = { seq, at: seq * 10, type: 'step.done', body }
    events.push({ ...event, hash: chainHash(of, events.at(-1)?.hash, event) })
  }
  return events
}

const rechain = (events: readonly StoredEvent[]) => {
  let previous: Digest | undefined
  return events.map(event => {
    previous = chainHash(run, previous, event)
    return { ...event, hash: previous }
  })
}

const seqs = async (events: readonly StoredEvent[], head?: { seq: number; hash: string }) =>
  (await verifyChain(run, events, head)).map(finding => finding.seq)

describe('the chain of a journal', () => {
  const events = journal(5)

  it('is whole as it was written', async () => {
    expect(await verifyChain(run, events)).toEqual([])
    expect(await verifyChain(run, [])).toEqual([])
  })

  it.each(['at', 'type', 'body', 'hash'] as const)('shows a change of `%s`', async field => {
    const changed = { at: 31, type: 'step.failed', body: '{}', hash: digestOf('x') }[field]
    const tampered = events.map(event => (event.seq === 3 ? { ...event, [field]: changed } : event))
    expect(await seqs(tampered)).toContain(3)
  })

  it('shows an event taken out, put in, or moved', async () => {
    expect(await seqs(events.toSpliced(2, 1))).toContain(4)
    expect(await seqs(events.toSpliced(2, 0, ...events.slice(1, 2)))).toContain(2)
    expect(await seqs([0, 2, 1, 3, 4].flatMap(index => events[index] ?? []))).toContain(3)
    expect(await seqs(events.slice(1))).toContain(2)
  })

  it('does not fit another run', async () => {
    expect((await verifyChain(other, events)).length).toBe(5)
  })

  it('shows a journal that was cut off before where it had been', async () => {
    const head = { seq: 5, hash: events[4]?.hash ?? '' }
    expect(await verifyChain(run, events, head)).toEqual([])
    expect(await verifyChain(run, [...journal(7)], head)).toEqual([])
    expect(await verifyChain(run, events.slice(0, 3), head)).toEqual([
      { run, seq: 3, what: 'cut off: the journal ends here, but reached 5 before' },
    ])
  })

  it('shows a journal that was written anew and chained correctly', async () => {
    const head = { seq: 4, hash: events[3]?.hash ?? '' }
    const forged = rechain(events.map(event => (event.seq === 2 ? { ...event, body: '{}' } : event)))
    expect(await seqs(forged)).toEqual([])
    expect(await seqs(forged, head)).toEqual([4])
  })
})

interface Kept {
  readonly journals?: Readonly<Record<string, readonly StoredEvent[]>>
  readonly blobs?: readonly (readonly [Digest, Uint8Array])[]
  readonly records?: Readonly<Record<string, string>>
  readonly damage?: readonly string[]
}

function storeOf({ journals = {}, blobs = [], records = {}, damage = [] }: Kept): Parameters<typeof auditStore>[0] {
  const bytes = new Map(blobs)
  return {
    journal: {
      read: async (run, after, limit) => (journals[run] ?? []).filter(({ seq }) => seq > after).slice(0, limit),
      head: async run => journals[run]?.at(-1),
      runs: async (after, limit) =>
        Object.keys(journals)
          .filter(id => id > after)
          .sort()
          .slice(0, limit)
          .map(runId),
    },
    records: {
      get: async (space, key): Promise<StoredRecord | undefined> => {
        const value = space === 'run' ? records[key] : undefined
        return value === undefined ? undefined : { key, version: 1, group: 'acme', value }
      },
      list: async () => [],
    },
    blobs: {
      get: async digest => bytes.get(digest),
      digests: async (after, limit) =>
        [...bytes.keys()]
          .filter(digest => digest > after)
          .sort()
          .slice(0, limit),
    },
    damage: async () => damage,
  }
}

describe('an audit of a store', () => {
  it('counts what it looked at, page by page, and finds nothing wrong with what is whole', async () => {
    const events = journal(1203, run, [datum.ref])
    const store = storeOf({
      journals: { [run]: events, [other]: journal(2, other) },
      blobs: [[datum.ref.digest, datum.bytes]],
      records: {
        [run]: JSON.stringify({ status: 'done', head: { seq: 1203, hash: events.at(-1)?.hash } }),
        [other]: '{}',
      },
    })
    expect(await auditStore(store)).toEqual({ runs: 2, events: 1205, blobs: 1, findings: [] })
    expect(await auditStore(store, other)).toMatchObject({ runs: 1, events: 2, findings: [] })
  })

  it('finds bytes that were changed, wherever they are named', async () => {
    const store = storeOf({
      journals: { [run]: journal(1, run, [{ deep: [datum.ref] }]) },
      blobs: [[datum.ref.digest, Buffer.from('"no"')]],
    })
    expect((await auditStore(store)).findings.map(({ what }) => what)).toEqual([
      `the bytes of \`${datum.ref.digest}\` do not match it`,
      `\`${datum.ref.digest}\` has not the 5 bytes it should have`,
    ])
  })

  it('finds data that an event names and nobody has', async () => {
    const store = storeOf({ journals: { [run]: journal(1, run, [datum.ref]) } })
    expect((await auditStore(store)).findings).toEqual([
      { run, seq: 1, what: `data \`${datum.ref.digest}\` is missing` },
    ])
  })

  it('takes a datum that came during the audit for present', async () => {
    const store = storeOf({
      journals: { [run]: journal(1, run, [datum.ref]) },
      blobs: [[datum.ref.digest, datum.bytes]],
    })
    const late = { ...store, blobs: { ...store.blobs, digests: async () => [] } }
    expect((await auditStore(late)).findings).toEqual([])
  })

  it('finds a journal that was cut off, emptied or numbered out of order', async () => {
    const events = journal(3)
    const record = JSON.stringify({ head: { seq: 3, hash: events[2]?.hash } })
    const cut = await auditStore(storeOf({ journals: { [run]: events.slice(0, 2) }, records: { [run]: record } }))
    expect(cut.findings).toMatchObject([{ run, seq: 2, what: expect.stringMatching(/^cut off/) }])
    const emptied = await auditStore(storeOf({ journals: { [run]: [] }, records: { [run]: record } }), run)
    expect(emptied.findings.map(({ what }) => what)).toEqual([expect.stringMatching(/^cut off/), 'it has no events'])
  })

  it('passes on what the driver finds, and what cannot be read', async () => {
    const broken = { seq: 1, at: 1, type: 't', body: '{' }
    const store = storeOf({
      journals: { [run]: [{ ...broken, hash: chainHash(run, undefined, broken) }] },
      records: { [run]: 'no json' },
      damage: ['page 7 is damaged'],
    })
    expect((await auditStore(store)).findings).toEqual([
      { what: 'page 7 is damaged' },
      { run, what: 'its record cannot be read' },
      { run, seq: 1, what: 'its body is not JSON' },
    ])
  })

  it('survives a body that is nested very deep', async () => {
    const event = { seq: 1, at: 1, type: 't', body: `${'['.repeat(50_000)}${']'.repeat(50_000)}` }
    const store = storeOf({ journals: { [run]: [{ ...event, hash: chainHash(run, undefined, event) }] } })
    expect((await auditStore(store)).findings).toEqual([])
  })
})
