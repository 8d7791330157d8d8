/** From the declared steps of a method to steps of which every input has its feed, in an order in which they can run. */
import { type Concept, isKindOf, type Port } from '../core/index.ts'
import type { Feed, Link, Method, MethodDefinition, MethodStep, Refuse, StepDefinition } from './method.ts'

/** Feeds the steps of `definition`, and checks what each is fed and what the task is given. */
export function feedSteps(definition: MethodDefinition, refuse: Refuse): Pick<Method, 'have' | 'steps'> {
  const { of, steps: declared, gives = {} } = definition
  const have: Record<string, Concept> = {}
  const drafts: Draft[] = []
  for (const [name, step] of Object.entries(declared)) {
    if (!/^[a-z][A-Za-z0-9]{0,79}$/.test(name))
      refuse(`the step name \`${name}\` is malformed`, 'use lowerCamelCase, such as `lookUp`')
    if (!('have' in step)) drafts.push({ name, ...step })
    else if (Object.hasOwn(of.takes, name))
      refuse(`\`${name}\` is to be had, and the task takes it`, 'leave it out, or give it another name')
    else have[name] = step.have
  }
  if (drafts.length === 0)
    refuse('it has no steps', 'name at least one step; a case in which nothing is done needs none')
  const place: Place = { of, have, drafts, refuse }
  const linked = drafts.map(draft => link(draft, place))
  const steps = fillOpen(inOrder(linked, refuse), place)
  for (const name of Object.keys(have))
    if (!steps.some(step => feedsOf(step).some(feed => feed.from === 'have' && feed.name === name)))
      refuse(`no step takes \`${name}\`, which is to be had`, 'feed it to a step, or leave it out')
  checkGives(gives, place)
  return { have, steps }
}

type Draft = Extract<StepDefinition, { do: unknown }> & { readonly name: string }

interface Place {
  readonly of: Method['of']
  readonly have: Method['have']
  readonly drafts: readonly Draft[]
  readonly refuse: Refuse
}

function portsOf({ do: what }: { readonly do: MethodStep['do'] }): readonly (readonly [string, Port])[] {
  return Object.entries<Port>(what.takes)
}

function feedsOf({ inputs, when }: MethodStep): readonly Feed[] {
  return [...Object.values(inputs), ...Object.values(when?.over ?? {})]
}

/** The step with the feeds that its definition names; the others are open. */
function link({ name, do: what, inputs = {}, after = [], when }: Draft, place: Place): MethodStep {
  const { refuse, drafts } = place
  const ports = new Map(portsOf({ do: what }))
  for (const port of Object.keys(inputs)) {
    const taken = ports.get(port)
    if (!taken) refuse(`step \`${name}\`: \`${what.name}\` takes no \`${port}\``, takesHint(what))
    if (taken?.kind === 'all')
      refuse(`step \`${name}\`: \`${port}\` takes everything there is`, 'leave it to be collected')
  }
  for (const other of after)
    if (!drafts.some(draft => draft.name === other))
      refuse(`step \`${name}\` comes after \`${other}\`, which is no step of it`, stepsHint(place))
  const feeds = [...ports].flatMap(([port, taken]): [string, Feed][] => {
    if (taken.kind === 'all') return []
    const from = Object.hasOwn(inputs, port) ? inputs[port] : undefined
    return [[port, from === undefined ? { from: 'open' } : linkTo(from, taken, `step \`${name}\`, \`${port}\``, place)]]
  })
  const over = Object.entries(when?.over ?? {}).map(
    ([variable, from]) => [variable, linkTo(from, undefined, `step \`${name}\`, the condition`, place)] as const,
  )
  return {
    name,
    do: what,
    inputs: Object.fromEntries(feeds),
    after: [...new Set(after)],
    when: when && { condition: when.condition, over: Object.fromEntries(over) },
  }
}

function linkTo(from: Link, taken: Concept | undefined, where: string, place: Place): Feed {
  const { of, have, drafts, refuse } = place
  const fits = (concept: Concept) => {
    if (taken && !isKindOf(concept, taken))
      refuse(`${where} takes a \`${taken.name}\` and is fed a \`${concept.name}\``, 'feed it a datum of that kind')
  }
  if (typeof from === 'string') {
    const had = Object.hasOwn(have, from) ? have[from] : undefined
    const concept = had ?? (Object.hasOwn(of.takes, from) ? of.takes[from] : undefined)
    if (!concept) return refuse(`${where} is fed \`${from}\`, which the task does not take`, takesHint(of))
    fits(concept)
    return { from: had ? 'have' : 'task', name: from }
  }
  const [step, output] = from
  const gives = drafts.find(draft => draft.name === step)?.do.gives
  if (!gives) return refuse(`${where} is fed from \`${step}\`, which is no step of it`, stepsHint(place))
  const concept = Object.hasOwn(gives, output) ? gives[output] : undefined
  if (!concept)
    return refuse(
      `${where} is fed \`${output}\` of \`${step}\`, which gives no such thing`,
      `it gives \`${Object.keys(gives).join('`, `')}\``,
    )
  fits(concept)
  return { from: 'step', step, output }
}

function inOrder(steps: readonly MethodStep[], refuse: Refuse): readonly MethodStep[] {
  const ordered: MethodStep[] = []
  let waiting = steps
  for (let moved = true; moved && waiting.length > 0; ) {
    const next = waiting.find(step => earlierOf(step).every(name => ordered.some(other => other.name === name)))
    moved = next !== undefined
    if (next) ordered.push(next)
    waiting = waiting.filter(step => step !== next)
  }
  if (waiting.length > 0)
    refuse(
      `the steps \`${waiting.map(({ name }) => name).join('`, `')}\` wait for each other`,
      'take one of them out of `after` or `inputs`',
    )
  return ordered
}

/** The steps that `step` waits for. */
function earlierOf(step: MethodStep): readonly string[] {
  return [...step.after, ...feedsOf(step).flatMap(feed => (feed.from === 'step' ? [feed.step] : []))]
}

/** Feeds what is open from the method itself, as far as it goes, in the order of the steps. */
function fillOpen(steps: readonly MethodStep[], { of, have }: Place): readonly MethodStep[] {
  interface Offer {
    readonly feed: Feed
    readonly concept: Concept
    readonly name: string
  }
  const offers: Offer[] = [
    ...Object.entries(of.takes).map(([name, concept]): Offer => ({ feed: { from: 'task', name }, concept, name })),
    ...Object.entries(have).map(([name, concept]): Offer => ({ feed: { from: 'have', name }, concept, name })),
  ]
  return steps.map(step => {
    const inputs = portsOf(step).flatMap(([port, taken]): [string, Feed][] => {
      if (taken.kind === 'all') return []
      const feed = step.inputs[port] ?? { from: 'open' }
      if (feed.from !== 'open') return [[port, feed]]
      const fitting = offers.filter(({ concept }) => isKindOf(concept, taken))
      const [nearest] = fitting.toSorted((a, b) => distance(a.concept, taken) - distance(b.concept, taken))
      const found = fitting.find(({ name }) => name === port) ?? nearest
      return [[port, found?.feed ?? feed]]
    })
    for (const [output, concept] of Object.entries<Concept>(step.do.gives))
      offers.push({ feed: { from: 'step', step: step.name, output }, concept, name: '' })
    return { ...step, inputs: Object.fromEntries(inputs) }
  })
}

/** How many kinds lie between. */
function distance(concept: Concept, wanted: Concept): number {
  let steps = 0
  for (let at: Concept | undefined = concept; at && at.name !== wanted.name; at = at.isA) steps++
  return steps
}

function checkGives(gives: NonNullable<MethodDefinition['gives']>, place: Place): void {
  const { of, refuse } = place
  for (const output of Object.keys(gives))
    if (!Object.hasOwn(of.gives, output)) refuse(`the task gives no \`${output}\``, 'leave it out')
  for (const [output, concept] of Object.entries<Concept>(of.gives)) {
    const from = Object.hasOwn(gives, output) ? gives[output] : undefined
    if (!from) return refuse(`it does not say where \`${output}\` comes from`, 'name a step and its output in `gives`')
    linkTo(from, concept, `the output \`${output}\``, place)
  }
}

function takesHint({ takes }: Pick<MethodStep['do'], 'takes'>): string {
  const names = Object.keys(takes)
  return names.length === 0 ? 'it takes nothing' : `it takes \`${names.join('`, `')}\``
}

function stepsHint({ drafts }: Place): string {
  return `its steps are \`${drafts.map(({ name }) => name).join('`, `')}\``
}
