/** A request in the words that policies speak, and the digest that binds approvals to it. */
import { canonicalJson, type Digest, digestOf, MusterError, sensitivities } from '../core/index.ts'
import type { Question } from './cedar.ts'
import type { GuardRequest } from './request.ts'
import { type CedarValue, project } from './shape.ts'
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
    action: action.name,
    resource: resourceOf(request),
    context: {
      ...commonContext(request),
      ...(request.phase === 'plan' ? planContext(request) : stepContext(request, action)),
    },
  }
}

function resourceOf({ phase, plan, agent }: GuardRequest): Question['resource'] {
  if (phase === 'plan') return { uid: { type: 'Muster::Plan', id: plan }, attrs: {}, parents: [] }
  const { id, domain } = agent ?? { id: 'unassigned', domain: '' }
  return { uid: { type: 'Muster::Agent', id }, attrs: { id, domain }, parents: [] }
}

function commonContext({ phase, labels, price, run }: GuardRequest): Record<string, CedarValue> {
  return {
    phase,
    labels: {
      trusted: labels.trusted,
      origins: [...labels.origins],
      sensitivity: sensitivities.indexOf(labels.sensitivity),
      sensitivityName: labels.sensitivity,
    },
    price,
    run,
  }
}

function stepContext({ phase, step, input, output }: GuardRequest, action: Action): Record<string, CedarValue> {
  if (phase === 'after' && output === undefined) {
    // Without it a rule that looks at the output would find nothing to forbid.
    throw new MusterError('bad-input', 'the output is missing')
  }
  return {
    input: project(action.input, input, 'input'),
    ...(phase === 'after' ? { output: project(action.output, output, 'output') } : {}),
    ...(step === undefined ? {} : { step }),
  }
}

function planContext({ input, capability }: GuardRequest): Record<string, CedarValue> {
  const { capabilities } = input
  if (!Array.isArray(capabilities) || !capabilities.every(name => typeof name === 'string')) {
    throw new MusterError('bad-input', `\`${canonicalJson(capabilities ?? null)}\` is no list of capabilities`)
  }
  return { capabilities, effect: capability.effect }
}
