/** Who drafts plans, and how often it is asked. */
import { type Capability, capabilityId, createMatcher, type Matcher, type Registry } from '../../agents/index.ts'
import { isKindOf, MusterError, type Port } from '../../core/index.ts'
import { PlanDraft } from './plan-draft.ts'
import { DraftRequest } from './request.ts'

/** How plans are drafted. */
export interface Drafter {
  /** Takes a `DraftRequest` and gives a `PlanDraft`. */
  readonly capability: Capability
  /** The names of these two ports. */
  readonly ports: { readonly request: string; readonly draft: string }
  /** How often it is asked for one plan at most. */
  readonly rounds: number
  /** Finds what an objective speaks of among the capabilities. */
  readonly matcher: Matcher
}

/** Who drafts, as it is configured. */
export interface DrafterSettings {
  /** A capability that agents offer, such as `plan.draft` (the newest version) or `plan.draft@1`. */
  readonly drafter: string
  /** How often it is asked for one plan at most, 1 to 5; default 2. */
  readonly rounds?: number
}

/** Finds the drafter among what agents offer. Throws `bad-config` when nobody offers it or it does not draft plans. */
export function createDrafter({ drafter: name, rounds = 2 }: DrafterSettings, registry: Registry): Drafter {
  const refuse = (why: string, hint: string) =>
    new MusterError('bad-config', `\`${name}\` cannot draft plans: ${why}`, { hint })
  const capability = registry.capabilities.findLast(one => one.name === name || capabilityId(one) === name)
  if (capability === undefined)
    throw refuse('no agent offers it', 'add an agent that does, such as a `languageModelPlanner`')
  const [request, ...moreTaken] = portsOf(
    capability.takes,
    port => port.kind === 'concept' && isKindOf(DraftRequest, port),
  )
  const [draft, ...moreGiven] = portsOf(capability.gives, port => port.kind === 'concept' && isKindOf(port, PlanDraft))
  if (request === undefined || moreTaken.length > 0 || Object.keys(capability.takes).length > 1)
    throw refuse('it does not take exactly one request', 'let it take one `DraftRequest` and nothing else')
  if (draft === undefined || moreGiven.length > 0)
    throw refuse('it does not give exactly one draft', 'let it give one `PlanDraft`')
  if (capability.effect === 'writes' || capability.effect === 'acts')
    throw refuse(`its effect is \`${capability.effect}\``, 'let it be `pure` or `reads`: planning changes nothing')
  let index: Matcher | undefined
  const matcher: Matcher = {
    match: (objective, options) => {
      // Made when it is needed: who only looks at runs has no use for it.
      index ??= createMatcher(registry.capabilities)
      return index.match(objective, options)
    },
  }
  return { capability, ports: { request, draft }, rounds, matcher }
}

function portsOf(ports: Readonly<Record<string, Port>>, fits: (port: Port) => boolean): readonly string[] {
  return Object.entries(ports).flatMap(([name, port]) => (fits(port) ? [name] : []))
}
