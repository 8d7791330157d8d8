/** What policies can speak of: entity types, actions and contexts, made from the capabilities that are known. */
import { type Capability, capabilityId, type Effect, effects } from '../agents/index.ts'
import { MusterError } from '../core/index.ts'
import { recordOf, type RecordShape, type Shape, sharedShape, shapeOfPorts } from './shape.ts'

/** The action of adopting a whole plan. */
export const planAction = 'plan'

/** One thing that may be asked of the guard. */
export interface Action {
  /** The capability's name, or `plan`. */
  readonly name: string
  /** The capabilities behind it, such as `refund.issue@1`; none for the plan. */
  readonly versions: readonly string[]
  /** The group it is in: what its capability does to the world. */
  readonly effect: Effect | undefined
  readonly input: RecordShape
  readonly output: RecordShape
  /** Everything that `context` can hold. */
  readonly context: RecordShape
}

/** A schema in Cedar's JSON format. */
export interface PolicySchema {
  readonly Muster: {
    readonly entityTypes: Readonly<Record<string, EntityType>>
    readonly actions: Readonly<Record<string, ActionType>>
  }
}

interface EntityType {
  readonly memberOfTypes?: string[]
  readonly shape?: RecordShape
}

interface ActionType {
  readonly memberOf?: { readonly id: string }[]
  readonly appliesTo?: {
    readonly principalTypes: string[]
    readonly resourceTypes: string[]
    readonly context: RecordShape
  }
}

const text: Shape = { type: 'String' }
const texts: Shape = { type: 'Set', element: text }
const whole: Shape = { type: 'Long' }

const labels = recordOf([
  ['trusted', { type: 'Boolean' }, true],
  ['origins', texts, true],
  ['sensitivity', whole, true],
  ['sensitivityName', text, true],
])

const common = [
  ['phase', text, true],
  ['labels', labels, true],
  ['price', whole, true],
  ['run', text, true],
] as const

const nothing = recordOf([])

const plan: Action = {
  name: planAction,
  versions: [],
  effect: undefined,
  input: nothing,
  output: nothing,
  context: recordOf([...common, ['capabilities', texts, true], ['effect', text, true]]),
}

/**
 * The actions of `capabilities`, by name, and `plan`. Versions of one capability share an action, which shows what they
 * have in common. Throws `bad-config` when versions differ in effect or in a type, or a name is one that policies use for
 * something else.
 */
export function actionsOf(capabilities: readonly Capability[]): ReadonlyMap<string, Action> {
  const actions = new Map<string, Action>([[planAction, plan]])
  for (const capability of capabilities) {
    const { name, effect } = capability
    if (name === planAction || effects.some(group => group === name)) {
      throw new MusterError('bad-config', `policies use the name \`${name}\` for something else`, {
        hint: 'give the capability a name of two words, such as `plan.write`',
      })
    }
    const earlier = actions.get(name)
    if (earlier !== undefined && earlier.effect !== effect) {
      throw new MusterError('bad-config', `versions of \`${name}\` differ in effect`, {
        hint: 'give the one with the new effect a new name, so that old policies do not permit it',
      })
    }
    const input = shapeOfPorts(capability.takes)
    const output = shapeOfPorts(capability.gives)
    actions.set(
      name,
      capabilityAction(
        name,
        effect,
        [...(earlier?.versions ?? []), capabilityId(capability)],
        earlier ? sharedShape(earlier.input, input, `${name} input`) : input,
        earlier ? sharedShape(earlier.output, output, `${name} output`) : output,
      ),
    )
  }
  return actions
}

function capabilityAction(
  name: string,
  effect: Effect,
  versions: readonly string[],
  input: RecordShape,
  output: RecordShape,
): Action {
  const context = recordOf([...common, ['step', text, false], ['input', input, true], ['output', output, false]])
  return { name, versions, effect, input, output, context }
}

/** The schema in which exactly `actions` are known. */
export function schemaOf(actions: Iterable<Action>): PolicySchema {
  const types: Record<string, ActionType> = {}
  for (const effect of effects) types[effect] = {}
  for (const { name, effect, context } of actions) {
    types[name] = {
      memberOf: effect === undefined ? [] : [{ id: effect }],
      appliesTo: { principalTypes: ['Principal'], resourceTypes: [name === planAction ? 'Plan' : 'Agent'], context },
    }
  }
  return { Muster: { entityTypes, actions: types } }
}

const entityTypes = {
  Role: {},
  Principal: {
    memberOfTypes: ['Role'],
    shape: recordOf([
      ['id', text, true],
      ['kind', text, true],
      ['tenant', text, true],
      ['roles', texts, true],
    ]),
  },
  Agent: {
    shape: recordOf([
      ['id', text, true],
      ['domain', text, true],
    ]),
  },
  Plan: {},
}
