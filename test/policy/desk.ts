/** A small support desk to rule on: its capabilities, its people, and requests that say only what matters. */
import { z } from 'zod'
import { defineCapability } from '../../src/agents/index.ts'
import { all, concept, type Digest, digestOf, type Principal, runId } from '../../src/core/index.ts'
import { createGuard, type Guard, type GuardRequest, type Lifted, type Ruling } from '../../src/policy/index.ts'

export const Order = concept(
  'Order',
  z.object({ id: z.string(), amountCents: z.number().int(), weight: z.number(), note: z.string().optional() }),
)
export const Reason = concept('Reason', z.string())
export const Receipt = concept('Receipt', z.object({ id: z.string(), to: z.string() }))
export const Topics = concept('Topics', z.array(z.string()))

export const refund = defineCapability({
  name: 'refund.issue',
  takes: { order: Order, reasons: all(Reason) },
  gives: { receipt: Receipt },
  effect: 'acts',
})
export const classify = defineCapability({
  name: 'ticket.classify',
  takes: { reason: Reason },
  gives: { topics: Topics },
  effect: 'reads',
})
export const capabilities = [refund, classify]

export const carla: Principal = { id: 'carla', kind: 'person', roles: ['customer'], tenant: 'acme' }
export const maria: Principal = { id: 'maria', kind: 'person', roles: ['finance'], tenant: 'acme' }
export const omar: Principal = { id: 'omar', kind: 'person', roles: ['finance'], tenant: 'acme' }

export const run = runId('run-00000000000000000000000001')
export const order = { id: 'o-1', amountCents: 2500, weight: 1.5 }

export function ask(over: Partial<GuardRequest> = {}): GuardRequest {
  return {
    phase: 'before',
    principal: carla,
    run,
    step: 's1',
    capability: { name: 'refund.issue', version: 1, effect: 'acts' },
    agent: { id: 'desk', domain: 'home' },
    input: { order, reasons: ['broken'] },
    labels: { trusted: true, origins: ['carla'], sensitivity: 'internal' },
    price: 1000,
    plan: digestOf('plan'),
    ...over,
  }
}

export function askPlan(over: Partial<GuardRequest> = {}): GuardRequest {
  const { step: _, agent: __, ...rest } = ask()
  return { ...rest, phase: 'plan', input: { capabilities: ['refund.issue'], price: 1000 }, ...over }
}

export function guardOf(home: string, domains: Readonly<Record<string, string>> = {}): Guard {
  const scopes = Object.entries({ home, ...domains }).map(([scope, text]) => ({
    scope,
    policies: [{ file: `${scope}.cedar`, text }],
  }))
  return createGuard({ scopes, capabilities })
}

export function lift(rule: string, digest: Digest, by: readonly string[] = ['maria'], scope = 'home'): Lifted {
  return { approval: 'approval-1' as Lifted['approval'], scope, rule, digest, by }
}

/** The rules that spoke, as `effect rule`. */
export function spoke(ruling: Ruling): readonly string[] {
  return ruling.reasons.map(({ effect, rule }) => `${effect} ${rule}`)
}

export const permitAll = '@id("all") permit(principal, action, resource);'
