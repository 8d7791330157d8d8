/** Reads the events of a run again, on its own terms, and says which promises they break. */
import { isDeepStrictEqual } from 'node:util'
import type { Capability, Concept } from 'muster'
import type { FactPattern } from '../../src/agents/index.ts'
import { originsOf, type Plan, type Problem, type Source, type Step, verify } from '../../src/planner/index.ts'
import type { DropCause, RunEvent } from '../../src/runtime/index.ts'
import { concepts, type Mixed, problemOf } from './mixed.ts'

type Of<T extends RunEvent['type']> = Extract<RunEvent, { type: T }>

/** What has happened up to an event. */
interface Story {
  readonly mixed: Mixed
  plan: Plan | undefined
  permitted: boolean
  spent: number
  /** The plan's steps as each was when it was adopted last, by id. */
  readonly steps: Map<string, Step>
  /** In the order in which they succeeded, those of the plan alone. */
  readonly done: { readonly step: Step; readonly outputs: Of<'step.succeeded'>['outputs'] }[]
  readonly dropped: Map<string, DropCause>
  /** Steps that may have changed the world in an attempt that did not succeed. */
  readonly doubtful: Set<string>
  readonly working: Set<string>
  readonly attempts: Map<string, number>
  /** How often people said that a step may be done again of which nobody knew what had come. */
  readonly again: Map<string, number>
  looked: boolean
}

/** What is wrong with the events of an ended run; empty when every promise was kept. */
export function wrongIn(events: readonly RunEvent[], mixed: Mixed): readonly string[] {
  const story: Story = {
    mixed,
    plan: undefined,
    permitted: false,
    spent: 0,
    steps: new Map(),
    done: [],
    dropped: new Map(),
    doubtful: new Set(),
    working: new Set(),
    attempts: new Map(),
    again: new Map(),
    looked: true,
  }
  return events.flatMap((event, at) => judge(story, event, events[at - 1]).map(wrong => `${event.seq}: ${wrong}`))
}

function judge(story: Story, event: RunEvent, before: RunEvent | undefined): readonly string[] {
  switch (event.type) {
    case 'plan.adopted':
      return judgePlan(story, event)
    case 'plan.kept':
      story.looked = true
      return []
    case 'plan.ruled':
      story.permitted = event.ruling.decision === 'permit'
      return []
    case 'step.assigned':
      return judgeStart(story, event, before)
    case 'step.failed':
      story.working.delete(event.step)
      doubt(story, event.step)
      return []
    case 'step.worked':
      doubt(story, event.step)
      return []
    case 'approval.voted': {
      const { rule, step = '', outcome } = event.approval
      if (rule === 'outcome-unknown' && outcome.status === 'approved')
        story.again.set(step, (story.again.get(step) ?? 0) + 1)
      return []
    }
    case 'step.succeeded': {
      const wrong = story.done.some(({ step }) => step.id === event.step) ? ['a step succeeds twice'] : []
      const step = story.steps.get(event.step)
      if (step) story.done.push({ step, outputs: event.outputs })
      story.working.delete(event.step)
      story.doubtful.delete(event.step)
      story.spent += event.charged
      return wrong
    }
    case 'step.dropped': {
      if (story.working.delete(event.step)) doubt(story, event.step)
      story.dropped.set(event.step, event.cause)
      const begun = [...story.doubtful].some(id => id === event.step || id.startsWith(`${event.step}/`))
      const replaced = event.cause === 'replaced' && begun
      if (event.cause === 'failed' || event.cause === 'denied') {
        const foreseen = story.plan?.steps.some(({ unless = [] }) => unless.includes(event.step)) ?? false
        if (story.steps.has(event.step) && !foreseen) story.looked = false
      }
      return replaced ? [`\`${event.step}\` is replaced though it may have changed something`] : []
    }
    case 'run.concluded':
      return judgeEnd(story, event)
    case 'goal.declared':
    case 'goal.interpreted':
    case 'question.asked':
    case 'question.answered':
    case 'plan.doubted':
    case 'step.called':
    case 'step.ruled':
    case 'step.suspended':
    case 'step.edited':
    case 'approval.requested':
    case 'approval.closed':
    case 'run.claimed':
    case 'run.changed':
    case 'run.paused':
    case 'run.resumed':
    case 'run.cancelled':
      return []
  }
}

function capabilityOf({ mixed }: Story, id: string): Capability | undefined {
  return mixed.capabilities.find(({ name }) => `${name}@1` === id)
}

/** Of the plan, the step that this one is or is an item of. */
function stepOf({ steps }: Story, id: string): Step | undefined {
  return steps.get(id.split('/')[0] ?? id)
}

function changesWorld(story: Story, id: string): boolean {
  const effect = capabilityOf(story, stepOf(story, id)?.capability ?? '')?.effect
  return effect === 'writes' || effect === 'acts'
}

function doubt(story: Story, id: string): void {
  if (changesWorld(story, id)) story.doubtful.add(id)
}

const gaveUp = (cause: DropCause | undefined) => cause === 'failed' || cause === 'denied'

function judgePlan(story: Story, event: Of<'plan.adopted'>): readonly string[] {
  const { plan, revised } = event
  const wrong: string[] = []
  for (const { step } of story.done)
    if (!plan.steps.some(other => isDeepStrictEqual(other, step)))
      wrong.push(`finished \`${step.id}\` is not in the revision as it was`)
  for (const { id } of plan.steps) {
    const cause = story.dropped.get(id)
    if (cause !== undefined && cause !== 'condition') wrong.push(`\`${id}\` was dropped and is there again`)
  }
  for (const id of story.doubtful)
    if (gaveUp(story.dropped.get(id))) wrong.push(`another way is tried though \`${id}\` may have changed something`)
  wrong.push(...verify(plan, problemAt(story)).map(({ kind, step = '', reason }) => `${kind} ${step}: ${reason}`))
  if (revised?.review.kind !== 'stands') story.permitted = false
  story.plan = plan
  story.looked = true
  for (const step of plan.steps) story.steps.set(step.id, step)
  return wrong
}

/** What is left to plan for. */
function problemAt(story: Story): Problem {
  const { mixed, plan, done, dropped } = story
  const named = (name: string) => concepts.filter(one => one.name === name)
  const finished = done.map(({ step, outputs }) => ({
    step,
    gives: Object.fromEntries(
      Object.entries(outputs).flatMap(([port, { concept }]) => named(concept).map(one => [port, one])),
    ),
  }))
  const skipped = (plan?.steps ?? [])
    .filter(({ id }) => dropped.get(id) === 'condition')
    .map(step => ({ step, gives: plan && !hasChoice(step, plan) ? givesOf(story, step) : {} }))
  return {
    ...problemOf(mixed),
    estimate: () => ({ price: 0, time: 0, reliability: 1 }),
    done: [...finished, ...skipped],
  }
}

function hasChoice({ id, unless }: Step, { steps }: Plan): boolean {
  return unless !== undefined || steps.some(other => other.unless?.includes(id))
}

function givesOf(story: Story, { capability, each }: Step): Readonly<Record<string, Concept>> {
  if (!each) return capabilityOf(story, capability)?.gives ?? {}
  return Object.fromEntries(
    Object.entries(each.gives).flatMap(([port, name]) =>
      concepts.filter(one => one.name === name).map(one => [port, one]),
    ),
  )
}

function judgeStart(
  story: Story,
  { step: id, agent, idempotencyKey }: Of<'step.assigned'>,
  before: RunEvent | undefined,
): readonly string[] {
  const wrong: string[] = []
  const step = stepOf(story, id)
  const capability = capabilityOf(story, step?.capability ?? '')
  if (!step || !capability) return ['a step runs that no plan has']
  if (!story.permitted) wrong.push('a step runs before its plan is permitted')
  const ruled = before?.type === 'step.ruled' && before.step === id && before.agent === agent
  if (!ruled || before.ruling.decision !== 'permit') wrong.push('a step runs without a ruling that permits it')
  for (const fact of capability.requires)
    for (const key of keysOf(story, step, capability, fact))
      if (!heldIn(story).has(key)) wrong.push(`\`${id}\` runs though ${key} does not hold`)
  for (const other of step.unless ?? [])
    if (story.doubtful.has(other)) wrong.push(`\`${id}\` stands in for \`${other}\`, which may have changed something`)
  const attempts = (story.attempts.get(idempotencyKey) ?? 0) + 1
  story.attempts.set(idempotencyKey, attempts)
  if (changesWorld(story, id) && !capability.idempotent && attempts > 1 + (story.again.get(id) ?? 0))
    wrong.push(`\`${id}\` is done again, and nobody has said that it may`)
  story.working.add(id)
  return wrong
}

/** The datum that a source stands for by now, in words. */
function datumOf({ done }: Story, source: Source): string | undefined {
  const origin = originsOf(source).find(one => one.from === 'given' || done.some(({ step }) => step.id === one.step))
  return origin && (origin.from === 'given' ? origin.name : `${origin.step}.${origin.output}`)
}

/** The fact about each choice of the data at its ports. */
function keysOf(story: Story, step: Step, capability: Capability, { fact, about }: FactPattern): readonly string[] {
  const dataAt = (port: string): readonly string[] => {
    if (!Object.hasOwn(capability.takes, port)) return [`${step.id}.${port}`]
    return [step.inputs[port] ?? []].flat().flatMap(source => datumOf(story, source) ?? [])
  }
  let rows: readonly (readonly string[])[] = [[]]
  for (const port of about) rows = rows.flatMap(row => dataAt(port).map(one => [...row, one]))
  return rows.map(row => `${fact}(${row.join(', ')})`)
}

function heldIn(story: Story): ReadonlySet<string> {
  const held = new Set((story.mixed.goal.facts ?? []).map(({ fact, about }) => `${fact}(${about.join(', ')})`))
  for (const { step } of story.done) {
    const capability = capabilityOf(story, step.capability)
    if (!capability) continue
    for (const fact of capability.removes) for (const key of keysOf(story, step, capability, fact)) held.delete(key)
    for (const fact of capability.brings) for (const key of keysOf(story, step, capability, fact)) held.add(key)
  }
  return held
}

function judgeEnd(story: Story, { outcome, reason, outputs, spent }: Of<'run.concluded'>): readonly string[] {
  const { mixed, plan, dropped, done } = story
  const { goal } = mixed
  const wrong: string[] = []
  if (spent !== story.spent) wrong.push(`it says that it spent ${spent}, and it was charged ${story.spent}`)
  if (spent > goal.limits.budget.usd * 1e6) wrong.push('it spent more than it might')
  if (!story.looked) wrong.push('a step was given up, and nobody looked for another way')
  if (outcome !== 'succeeded') return reason === '' ? [...wrong, 'it does not say why it failed'] : wrong
  const isSkipped = (id: string) => dropped.get(id) === 'condition'
  for (const name of goal.wanted) {
    const origins = originsOf(plan?.wanted[name] ?? [])
    const nothingToDo = origins.every(origin => origin.from === 'step' && isSkipped(origin.step))
    if (!Object.hasOwn(outputs, name) && !nothingToDo) wrong.push(`it did not deliver \`${name}\``)
  }
  const held = heldIn(story)
  for (const { fact, about } of goal.achieve ?? []) {
    const key = `${fact}(${about.join(', ')})`
    const mayBeSkipped = plan?.steps.some(step => {
      const capability = capabilityOf(story, step.capability)
      return isSkipped(step.id) && capability?.brings.some(one => one.fact === fact)
    })
    if (!held.has(key) && !mayBeSkipped) wrong.push(`${key} does not hold at the end`)
  }
  for (const task of goal.perform ?? []) {
    const parts = plan?.steps.filter(({ by }) => by?.some(({ path }) => path[0]?.task === task)) ?? []
    const ended = parts.every(({ id }) => isSkipped(id) || done.some(({ step }) => step.id === id))
    if (parts.length === 0 || !ended) wrong.push(`\`${task}\` was not done`)
  }
  return wrong
}
