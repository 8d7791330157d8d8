/** The border of the runtime: a goal is checked, sealed and on disk before anyone is told that it is accepted. */
import { type DataRef, digestOf, MusterError, type Principal, type RunId, runId, sealData } from '../core/index.ts'
import { checkGoal, conceptNameOf, type Goal, limitsOf, parseGoal } from '../intent/index.ts'
import { budgetPool, moneyAmount } from '../policy/index.ts'
import type { Write } from '../store/index.ts'
import type { RecordedGoal, RunEventBody } from './event.ts'
import type { Hall } from './hall.ts'
import { chainEvents } from './journal.ts'
import { ownWrite, type RunSummary, summaryWrite } from './summary.ts'

/** What a person, a chat window or an agent declares: words, or a goal that says everything. */
export type Declaration = { readonly text: string } | { readonly goal: unknown }

/** The bus subject on which it is told that a run is due. */
export const queueSubject = 'queue'

/** The most characters of a text. */
const longestText = 4000

/**
 * Accepts a goal: when this resolves it is on disk and cannot be lost. The same `idempotencyKey` of the same principal
 * returns the run it made first; with another declaration it is a `conflict`. Throws `bad-input` naming everything wrong.
 */
export async function admitGoal(
  hall: Hall,
  declaration: Declaration,
  options: { readonly principal: Principal; readonly idempotencyKey?: string; readonly dryRun?: boolean },
): Promise<RunId> {
  const { store, bus, clock, ids } = hall
  const { principal, idempotencyKey } = options
  const accepted =
    'text' in declaration
      ? acceptText(hall, declaration.text, principal)
      : await acceptGoal(hall, declaration.goal, principal)
  const run = runId(ids.next('run'))
  const now = clock.now()
  const declared: RunEventBody = {
    type: 'goal.declared',
    principal,
    declared: accepted.declared,
    given: accepted.given,
    deadline: now + accepted.limits.deadline,
    budget: accepted.limits.budget,
    dryRun: options.dryRun ?? false,
  }
  const events = chainEvents(run, { seq: 0, hash: undefined }, now, [declared])
  const summary: RunSummary = {
    run,
    tenant: principal.tenant,
    principal: principal.id,
    objective: accepted.objective,
    status: 'running',
    declaredAt: now,
  }
  const writes: Write[] = [
    { kind: 'enqueue', run, tenant: principal.tenant, priority: 0, due: now },
    { kind: 'append', run, fence: 0, after: 0, events },
    { kind: 'pool', pool: budgetPool(run), capacity: moneyAmount(accepted.limits.budget) },
    summaryWrite(summary, 0),
    ownWrite(summary),
    ...accepted.blobs,
  ]
  if (idempotencyKey === undefined) {
    await store.commit(writes)
  } else {
    const earlier = await commitOnce(hall, writes, run, principal, idempotencyKey, digestOf(declaration))
    if (earlier !== undefined) return earlier
  }
  bus.publish(queueSubject, { run })
  return run
}

interface Accepted {
  readonly objective: string
  readonly declared: Extract<RunEventBody, { type: 'goal.declared' }>['declared']
  readonly given: Readonly<Record<string, DataRef>>
  readonly limits: { readonly deadline: number; readonly budget: number }
  readonly blobs: readonly Write[]
}

function acceptText({ interpreter }: Hall, text: string, principal: Principal): Accepted {
  if (interpreter === undefined) {
    throw new MusterError('bad-input', 'nothing here turns a text into a goal', {
      hint: 'declare a goal with `given` and `wanted`, or configure an `interpreter`',
    })
  }
  const trimmed = text.trim()
  if (trimmed === '' || trimmed.length > longestText) {
    throw new MusterError('bad-input', `a text has 1 to ${longestText} characters, this one has ${trimmed.length}`, {
      hint: 'say in a sentence or two what you want',
    })
  }
  const concept = conceptNameOf(interpreter.names.text)
  const { refs, blobs } = sealGiven({ [interpreter.names.text]: trimmed }, principal, new Set())
  const ref = refs[interpreter.names.text]
  if (ref === undefined) throw new MusterError('internal', `the text was not sealed as ${concept}`)
  return {
    objective: trimmed,
    declared: { kind: 'text', text: ref },
    given: refs,
    limits: limitsOf(interpreter.terms),
    blobs,
  }
}

async function acceptGoal({ registry }: Hall, value: unknown, principal: Principal): Promise<Accepted> {
  const goal = parseGoal(value)
  await checkGoal(goal, registry)
  const { refs, blobs } = sealGiven(goal.given, principal, new Set())
  return {
    objective: goal.objective,
    declared: { kind: 'goal', goal: recordedGoal(goal) },
    given: refs,
    limits: limitsOf(goal),
    blobs,
  }
}

/** A goal without its data. */
export function recordedGoal({ given: _, ...goal }: Goal): RecordedGoal {
  return goal
}

/** Seals given values under the concepts they are named after; those not in `vouched` are not trusted. */
export function sealGiven(
  given: Readonly<Record<string, unknown>>,
  principal: Principal,
  vouched: ReadonlySet<string>,
): { readonly refs: Readonly<Record<string, DataRef>>; readonly blobs: readonly Write[] } {
  const refs: Record<string, DataRef> = {}
  const blobs: Write[] = []
  for (const [name, value] of Object.entries(given)) {
    const labels = { trusted: vouched.has(name), origins: [principal.id], sensitivity: 'internal' } as const
    const { ref, bytes } = sealData(conceptNameOf(name), value, labels)
    refs[name] = ref
    blobs.push({ kind: 'blob', digest: ref.digest, bytes })
  }
  return { refs, blobs }
}

async function commitOnce(
  { store }: Hall,
  writes: readonly Write[],
  run: RunId,
  principal: Principal,
  idempotencyKey: string,
  declaration: string,
): Promise<RunId | undefined> {
  const space = 'idempotency'
  const key = `${principal.tenant}/${principal.id}/${idempotencyKey}`
  const value = JSON.stringify({ run, declaration })
  try {
    await store.commit([{ kind: 'record', space, key, version: 0, group: principal.tenant, value }, ...writes])
    return undefined
  } catch (error) {
    const kept =
      error instanceof MusterError && error.code === 'conflict' ? await store.records.get(space, key) : undefined
    if (kept === undefined) throw error
    const earlier: { run: string; declaration: string } = JSON.parse(kept.value)
    if (earlier.declaration === declaration) return runId(earlier.run)
    throw new MusterError('conflict', `idempotency key \`${idempotencyKey}\` was used for another goal`, {
      hint: 'use a new key for a new goal',
    })
  }
}
