/** A plan as boxes and arrows in columns: what is given, the steps, what is wanted. */
import { layersOf } from '../order.ts'
import { type Origin, originsOf, type Plan } from '../plan.ts'

/** A box. `column` counts from the left. */
export interface Box {
  readonly key: string
  readonly kind: 'given' | 'step' | 'wanted'
  /** The id of the step, or the name of the data. */
  readonly name: string
  readonly column: number
}

/** An arrow; `ports` are the inputs that it feeds: none when one step only waits for another. */
export interface Arrow {
  readonly from: string
  readonly to: string
  readonly ports: readonly string[]
}

/** The boxes and arrows of `plan`: each box stands to the right of whatever it needs. */
export function graphOf(plan: Plan): { readonly boxes: readonly Box[]; readonly arrows: readonly Arrow[] } {
  const arrows = new Map<string, Arrow & { ports: string[] }>()
  const connect = (from: string, to: string, port?: string) => {
    const arrow = arrows.get(`${from} ${to}`) ?? { from, to, ports: [] }
    arrows.set(`${from} ${to}`, arrow)
    if (port !== undefined) arrow.ports.push(port)
  }
  for (const { id, inputs, after, when, unless = [] } of plan.steps) {
    for (const [port, input] of Object.entries(inputs))
      for (const origin of originsOf(input)) connect(keyOf(origin), `step ${id}`, port)
    for (const origin of Object.values(when?.over ?? {}).flatMap(originsOf)) connect(keyOf(origin), `step ${id}`)
    for (const before of [...after, ...unless]) connect(`step ${before}`, `step ${id}`)
  }
  for (const [concept, source] of Object.entries(plan.wanted))
    for (const origin of originsOf(source)) connect(keyOf(origin), `wanted ${concept}`, concept)
  return { boxes: boxesOf(plan, [...arrows.values()]), arrows: [...arrows.values()] }
}

function keyOf(origin: Origin): string {
  return origin.from === 'given' ? `given ${origin.name}` : `step ${origin.step}`
}

function boxesOf(plan: Plan, arrows: readonly Arrow[]): readonly Box[] {
  const layers = layersOf(plan.steps)
  const last = Math.max(0, ...[...layers.values()].map(layer => layer + 1)) + 1
  const steps = plan.steps.map(({ id }): Box => {
    return { key: `step ${id}`, kind: 'step', name: id, column: (layers.get(id) ?? 0) + 1 }
  })
  const wanted = Object.keys(plan.wanted).map((name): Box => {
    return { key: `wanted ${name}`, kind: 'wanted', name, column: last }
  })
  const columns = new Map([...steps, ...wanted].map(({ key, column }) => [key, column]))
  // What is given stands just before the first that takes it.
  const names = new Set(arrows.flatMap(({ from }) => (from.startsWith('given ') ? [from.slice(6)] : [])))
  const given = [...names].map((name): Box => {
    const taken = arrows.filter(({ from }) => from === `given ${name}`).map(({ to }) => columns.get(to) ?? last)
    return { key: `given ${name}`, kind: 'given', name, column: Math.min(...taken) - 1 }
  })
  return [...given, ...steps, ...wanted]
}
