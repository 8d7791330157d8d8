/** A request in the words that policies speak, and the digest that binds approvals to it. */
import { canonicalJson, type Digest, digestOf, MusterError, sensitivities } from '../core/index.ts'
import type { Question } from './cedar.ts'
import type { GuardRequest } from './request.ts'
import { projectRecord } from './shape.ts'
import type { Action } from './vocabulary.ts'

/**
 * The name of what is asked: whoever approves says yes to this and nothing else. It binds the arguments with their
 * labels, the outputs, the step, the plan, who wants it and the policies. Agent and price are left out on purpose: both
 * are settled anew by every attempt's bidding, and rules about them are evaluated anew each time. Throws `bad-input`
 * when the arguments are not JSON.
 */
export function digestOfRequest(request: GuardRequest, policies: Digest): Digest {
  const { phase, run, step, capability, principal, input, output, labels, plan } = request
  return digestOf({
    phase,
    run,
    step,
    capability: [capability.name, capability.version],
    principal: [principal.tenant, principal.id],
    input,
    output,
    labels,
    plan,
    policies,
  })
}

/** The question for an action that is known. Throws `bad-input` when the request does not fit the action. */
export function questionOf(request: GuardRequest, action: Action): Question {
  const { principal } = request
  return {
    principal: {
      uid: { type: 'Muster::Principal', id: principal.id },
      attrs: { id: principal.id, kind: principal.kind, tenant: principal.tenant, roles: [...principal.roles] },
      parents: principal.roles.map(id => ({ type: 'Muster::Role', id })),
    },
    action: {
      uid: { type: 'Muster::Action', id: action.name },
      attrs: {},
      parents: action.effect === undefined ? [] : [{ type: 'Muster::Action', id: action.effect }],
    },
    resource: resourceOf(request),
    context: projectRecord(action.context, contextOf(request)),
  }
}

/** The question without the attributes that are not in `names`: for policies that look at no others it is the same. */
export function showOnly(names: ReadonlySet<string>, question: Question): Question {
  const { principal, resource, context } = question
  return {
    ...question,
    principal: { ...principal, attrs: pick(names, principal.attrs) },
    resource: { ...resource, attrs: pick(names, resource.attrs) },
    context: pick(names, context),
  }
}

function pick(names: ReadonlySet<string>, record: Question['context']): Question['context'] {
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.has(name)))
}

function resourceOf({ phase, plan, agent }: GuardRequest): Question['resource'] {
  if (phase === 'plan') return { uid: { type: 'Muster::Plan', id: plan }, attrs: {}, parents: [] }
  const { id, domain } = agent ?? { id: 'unassigned', domain: '' }
  return { uid: { type: 'Muster::Agent', id }, attrs: { id, domain }, parents: [] }
}

// What of it an action shows, its shape says.
function contextOf(request: GuardRequest): Readonly<Record<string, unknown>> {
  const { phase, labels, price, run, step, input, output, capability } = request
  const { trusted, origins, sensitivity } = labels
  const common = {
    phase,
    labels: {
      trusted,
      origins,
      sensitivity: sensitivities.indexOf(sensitivity),
      sensitivityName: sensitivity,
    },
    price,
    run,
  }
  if (phase === 'plan') return { ...common, capabilities: capabilitiesIn(input), effect: capability.effect }
  if (phase === 'before') return { ...common, step, input }
  // Without it a rule that looks at the output would find nothing to forbid.
  if (output === undefined) throw new MusterError('bad-input', 'the output is missing')
  return { ...common, step, input, output }
}

function capabilitiesIn({ capabilities }: GuardRequest['input']): readonly string[] {
  if (Array.isArray(capabilities) && capabilities.every(name => typeof name === 'string')) return capabilities
  throw new MusterError('bad-input', `\`${canonicalJson(capabilities ?? null)}\` is no list of capabilities`)
}
