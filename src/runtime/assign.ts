/**
 * Who does a step, and where: announce, rank the bids, and take the best one that policy permits and a node has room for.
 * Rules are asked once the agent and its price are known, so that every owner along the way can say no to exactly that.
 */
import { type BidRound, type Capability, capabilityId, holdAuction, type ScoredBid } from '../agents/index.ts'
import { sharesOf } from '../intent/index.ts'
import { freeOf, nodePool, type Placement, place } from '../placement/index.ts'
import type { GuardRequest, Ruling } from '../policy/index.ts'
import type { Bound } from './bind.ts'
import { guardRequest, liftedFor } from './guard-step.ts'
import type { Flow } from './hall.ts'
import type { StepState } from './step-state.ts'

/** How long bidding stays open at most, in milliseconds. */
const biddingWindow = 1000

/** Who gets the step, or why nobody does. */
export type Assignment =
  | {
      readonly kind: 'assigned'
      readonly winner: ScoredBid
      readonly ruling: Ruling
      readonly placement: Extract<Placement, { kind: 'placed' }>
      readonly round: BidRound
    }
  | {
      readonly kind: 'ruled-out'
      readonly agent: string
      readonly request: GuardRequest
      readonly ruling: Exclude<Ruling, { decision: 'permit' }>
    }
  /** No agent wants it, or no node could ever run it. */
  | { readonly kind: 'nobody'; readonly reason: string }
  /** Nodes that could run it are full now. */
  | { readonly kind: 'full'; readonly reason: string }

/** Finds who does a step and where; writes nothing. */
export async function assignStep(
  flow: Flow,
  stepState: StepState,
  capability: Capability,
  bound: Bound,
): Promise<Assignment> {
  const round = await announce(flow, stepState, capability, bound)
  if (round.ranked.length === 0) return { kind: 'nobody', reason: whyNobody(round) }

  const lifted = liftedFor(flow, stepState.step.id)
  const pool = await flow.store.pools.get(nodePool(flow.node.id))
  const view = flow.node.view()
  const fleet = { nodes: [{ view, free: freeOf(view, pool) }] }
  const empty = { nodes: [{ view, free: view.capacity }] }
  let ruledOut: Extract<Assignment, { kind: 'ruled-out' }> | undefined
  let full: Extract<Assignment, { kind: 'full' }> | undefined
  let unplaced = ''
  for (const winner of round.ranked) {
    const { agent: id, price } = winner.bid
    const asked = guardRequest(flow, stepState, capability, bound, { agent: id, price })
    const ruling = flow.guard.rule(asked, lifted)
    if (ruling.decision !== 'permit') {
      // A person is asked about the best bid that needs one; a forbid tells why only when nobody could be asked.
      if (ruledOut === undefined || (ruledOut.ruling.decision === 'forbid' && ruling.decision === 'escalate')) {
        ruledOut = { kind: 'ruled-out', agent: id, request: asked, ruling }
      }
      continue
    }
    const request = {
      agent: id,
      work: capability.needs.work ?? 'control',
      needs: capability.needs,
      models: flow.registry.agent(id)?.models ?? [],
    } as const
    const placement = place(request, fleet)
    if (placement.kind === 'placed') return { kind: 'assigned', winner, ruling, placement, round }
    if (place(request, empty).kind === 'placed') full ??= { kind: 'full', reason: placement.reason }
    unplaced ||= placement.reason
  }
  return full ?? ruledOut ?? { kind: 'nobody', reason: unplaced }
}

async function announce(
  flow: Flow,
  { step, failed, bound: only }: StepState,
  capability: Capability,
  bound: Bound,
): Promise<BidRound> {
  const { clock, estimates, ids, journal, records, registry, signal } = flow
  const { state } = journal
  const id = capabilityId(capability)
  const bidders = registry
    .offering(id)
    .filter(agent => (only === undefined ? !failed.includes(agent.id) : agent.id === only))
  const announcement = {
    id: ids.next('call'),
    run: state.run,
    step: step.id,
    capability: id,
    inputs: bound.refs,
    maxPrice: state.budget - state.spent - state.reserved,
    closesAt: Math.min(clock.now() + biddingWindow, state.deadline),
    finishBy: state.deadline,
    tradeoff: sharesOf(state.goal?.tradeoff ?? { cost: 1, latency: 1, quality: 1 }),
  }
  const round = await holdAuction({
    announcement,
    bidders,
    loadOf: agent => flow.load.get(agent) ?? 0,
    recordOf: agent => records.of(agent, id),
    clock,
    ids,
    signal,
  })
  estimates.learn(round)
  return round
}

function whyNobody({ announcement, declined, silent }: BidRound): string {
  const reasons = [
    ...declined.map(({ agent, reason }) => `\`${agent}\`: ${reason}`),
    ...silent.map(agent => `\`${agent}\` did not answer`),
  ]
  return reasons.length === 0
    ? `no agent that offers \`${announcement.capability}\` is left`
    : `no agent takes \`${announcement.capability}\`: ${reasons.join('; ')}`
}
