/** The audit: whether everything in a store is still as it was written. Reads only, and needs nothing but the store. */
import { z } from 'zod'
import { type Digest, digestBytes, type RunId } from '../core/index.ts'
import type { Store, StoredEvent } from '../store/index.ts'
import { type Finding, type Head, verifyChain } from './chain.ts'

/** What was looked at, and what is wrong with it. */
export interface AuditReport {
  readonly runs: number
  readonly events: number
  readonly blobs: number
  readonly findings: readonly Finding[]
}

/** A datum that an event names. */
interface NamedData {
  readonly digest: Digest
  readonly size: number
}

/** The part of a store that an audit reads. */
type Audited = Pick<Store, 'journal' | 'records' | 'blobs' | 'damage'>

const pageSize = 500

const recordSchema = z.object({ head: z.object({ seq: z.number(), hash: z.string() }).optional() })

/**
 * Checks the chain of every run (or of `only` one), that its journal reaches as far as its record in space `run` notes,
 * that bytes match their digests, that data named by events is there, and what the driver itself finds.
 */
export async function auditStore(store: Audited, only?: RunId): Promise<AuditReport> {
  const findings: Finding[] = (await store.damage()).map(what => ({ what }))
  const sizes = new Map<Digest, number>()
  for await (const digest of digestsOf(store)) {
    const bytes = await store.blobs.get(digest)
    sizes.set(digest, bytes?.byteLength ?? 0)
    if (bytes === undefined || digestBytes(bytes) !== digest) {
      findings.push({ what: `the bytes of \`${digest}\` do not match it` })
    }
  }
  let runs = 0
  let events = 0
  for await (const run of only === undefined ? runsOf(store) : [only]) {
    const audited = await auditRun(store, run, sizes)
    runs += 1
    events += audited.events
    findings.push(...audited.findings)
  }
  return { runs, events, blobs: sizes.size, findings }
}

async function auditRun(store: Audited, run: RunId, sizes: ReadonlyMap<Digest, number>) {
  const findings: Finding[] = []
  let events = 0
  // Read before the journal, which may grow meanwhile: the record may lag behind, never run ahead.
  const head = await headOf(store, run, findings)
  const walk = async function* () {
    for await (const event of eventsOf(store, run)) {
      events += 1
      findings.push(...(await missingData(store, run, event, sizes)))
      yield event
    }
  }
  findings.push(...(await verifyChain(run, walk(), head)))
  if (events === 0) findings.push({ run, what: 'it has no events' })
  return { events, findings }
}

async function headOf(store: Audited, run: RunId, findings: Finding[]): Promise<Head | undefined> {
  const record = await store.records.get('run', run)
  if (record === undefined) return undefined
  const parsed = recordSchema.safeParse(parseJson(record.value))
  if (!parsed.success) findings.push({ run, what: 'its record cannot be read' })
  return parsed.data?.head
}

async function missingData(
  store: Audited,
  run: RunId,
  { seq, body }: StoredEvent,
  sizes: ReadonlyMap<Digest, number>,
): Promise<readonly Finding[]> {
  const value = parseJson(body)
  if (value === undefined) return [{ run, seq, what: 'its body is not JSON' }]
  const findings: Finding[] = []
  for (const { digest, size } of dataIn(value)) {
    // Asked for again when it was not seen: it may have come since, as other processes go on.
    const actual = sizes.get(digest) ?? (await store.blobs.get(digest))?.byteLength
    if (actual === undefined) findings.push({ run, seq, what: `data \`${digest}\` is missing` })
    else if (actual !== size)
      findings.push({ run, seq, what: `\`${digest}\` has not the ${size} bytes it should have` })
  }
  return findings
}

// With a list of its own instead of recursion: what lies in a damaged store may be nested to any depth.
function dataIn(body: unknown): readonly NamedData[] {
  const found: NamedData[] = []
  const open: unknown[] = [body]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    if (isDataRef(value)) found.push(value)
    else open.push(...Object.values(value))
  }
  return found
}

function isDataRef(value: object): value is NamedData {
  return (
    'digest' in value &&
    typeof value.digest === 'string' &&
    'size' in value &&
    typeof value.size === 'number' &&
    'concept' in value &&
    'labels' in value
  )
}

async function* runsOf(store: Audited): AsyncGenerator<RunId> {
  for (let after = ''; ; ) {
    const page = await store.journal.runs(after, pageSize)
    yield* page
    const end = page.at(-1)
    if (end === undefined || page.length < pageSize) return
    after = end
  }
}

async function* digestsOf(store: Audited): AsyncGenerator<Digest> {
  for (let after = ''; ; ) {
    const page = await store.blobs.digests(after, pageSize)
    yield* page
    const end = page.at(-1)
    if (end === undefined || page.length < pageSize) return
    after = end
  }
}

async function* eventsOf(store: Audited, run: RunId): AsyncGenerator<StoredEvent> {
  for (let after = 0; ; ) {
    const page = await store.journal.read(run, after, pageSize)
    yield* page
    const end = page.at(-1)
    if (end === undefined || page.length < pageSize) return
    // A damaged numbering must not make this read the same page for ever.
    after = Math.max(after + 1, end.seq)
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
