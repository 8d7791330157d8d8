/** What is different between a plan and its revision. */
import { isDeepStrictEqual } from 'node:util'
import type { Draft, Source, Step } from './plan.ts'

type Input = Step['inputs'][string]

/** The way from one plan to another, step by step. */
export interface Difference {
  /** Ids of the steps that both have. */
  readonly kept: readonly string[]
  readonly added: readonly Step[]
  readonly dropped: readonly Step[]
  /** Kept steps that request another capability. */
  readonly renamed: readonly { readonly step: string; readonly before: string; readonly after: string }[]
  /** Inputs of kept steps that come from somewhere else; undefined: there was or is none. */
  readonly rebound: readonly {
    readonly step: string
    readonly port: string
    readonly before?: Input
    readonly after?: Input
  }[]
  /** Kept steps that wait for others than before. */
  readonly reordered: readonly {
    readonly step: string
    readonly before: readonly string[]
    readonly after: readonly string[]
  }[]
  /** Wants that are delivered from somewhere else. */
  readonly delivered: readonly { readonly want: string; readonly before?: Source; readonly after?: Source }[]
}

/** What has changed from `before` to `after`. Of drafted steps with one id only the first can be kept. */
export function differenceOf(before: Draft, after: Draft): Difference {
  const old = new Map(before.steps.toReversed().map(step => [step.id, step]))
  const now = new Map(after.steps.map(step => [step.id, step]))
  const pairs = after.steps.flatMap(step => {
    const was = old.get(step.id)
    return was ? [{ id: step.id, was, is: step }] : []
  })
  return {
    kept: pairs.map(({ id }) => id),
    added: after.steps.filter(({ id }) => !old.has(id)),
    dropped: before.steps.filter(step => !now.has(step.id) || old.get(step.id) !== step),
    renamed: pairs.flatMap(({ id, was, is }) =>
      was.capability === is.capability ? [] : [{ step: id, before: was.capability, after: is.capability }],
    ),
    rebound: pairs.flatMap(({ id, was, is }) =>
      changes(was.inputs, is.inputs).map(({ name, ...change }) => ({ step: id, port: name, ...change })),
    ),
    reordered: pairs.flatMap(({ id, was, is }) =>
      isDeepStrictEqual(was.after, is.after) ? [] : [{ step: id, before: was.after, after: is.after }],
    ),
    delivered: changes(before.wanted, after.wanted).map(({ name, ...change }) => ({ want: name, ...change })),
  }
}

function changes<T>(
  before: Readonly<Record<string, T>>,
  after: Readonly<Record<string, T>>,
): readonly { readonly name: string; readonly before?: T; readonly after?: T }[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap(name => {
    const was = Object.hasOwn(before, name) ? before[name] : undefined
    const is = Object.hasOwn(after, name) ? after[name] : undefined
    if (isDeepStrictEqual(was, is)) return []
    return [{ name, ...(was === undefined ? {} : { before: was }), ...(is === undefined ? {} : { after: is }) }]
  })
}

/** A difference in words, a line for each change; none when nothing has changed. */
export function sayDifference(difference: Difference): readonly string[] {
  const { added, dropped, renamed, rebound, reordered, delivered } = difference
  return [
    ...dropped.map(({ id, capability }) => `\`${id}\` (\`${capability}\`) is dropped`),
    ...added.map(({ id, capability }) => `\`${id}\` (\`${capability}\`) is added`),
    ...renamed.map(({ step, before, after }) => `\`${step}\` is \`${after}\` and no more \`${before}\``),
    ...rebound.map(({ step, port, before, after }) =>
      after === undefined
        ? `\`${step}\` takes no \`${port}\` any more`
        : `\`${step}\` takes \`${port}\` from ${sayInput(after)}${before === undefined ? '' : ` and no more from ${sayInput(before)}`}`,
    ),
    ...reordered.map(({ step, after }) =>
      after.length === 0
        ? `\`${step}\` runs without waiting for other steps than those whose data it takes`
        : `\`${step}\` runs after ${after.map(id => `\`${id}\``).join(', ')}`,
    ),
    ...delivered.map(({ want, after }) =>
      after === undefined ? `\`${want}\` is not delivered any more` : `\`${want}\` comes from ${sayInput(after)}`,
    ),
  ]
}

function sayInput(input: Input): string {
  if ('from' in input) {
    if (input.from === 'given') return `what is given as \`${input.name}\``
    return input.from === 'step' ? `\`${input.step}\`` : input.of.map(sayInput).join(' or else ')
  }
  return input.length === 0 ? 'nothing' : input.map(source => sayInput(source)).join(', ')
}
