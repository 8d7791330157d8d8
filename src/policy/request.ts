/** What the guard is asked and what it rules. */
import type { Effect } from '../agents/index.ts'
import type { ApprovalId, Digest, Labels, MicroUsd, Principal, RunId } from '../core/index.ts'

/** The moments at which the guard is asked. */
export type Phase = 'plan' | 'before' | 'after'

/** One question to the guard, about exactly these arguments. */
export interface GuardRequest {
  readonly phase: Phase
  readonly principal: Principal
  readonly run: RunId
  /** Absent when the whole plan is asked about. */
  readonly step?: string
  /** The capability's name and version and what it does; for a plan: the strongest effect in it. */
  readonly capability: { readonly name: string; readonly version: number; readonly effect: Effect }
  /** The agent that would do it, once that is known, and its domain. */
  readonly agent?: { readonly id: string; readonly domain: string }
  /** Input values by port; for a plan: `{ capabilities: [...], price }`. */
  readonly input: Readonly<Record<string, unknown>>
  /** Output values by port, after the work. */
  readonly output?: Readonly<Record<string, unknown>>
  /** The labels of everything that goes in, joined. */
  readonly labels: Labels
  readonly price: MicroUsd
  readonly plan: Digest
}

/** One rule that spoke. */
export interface RuleReason {
  /** Whose rule: `home`, or the domain of the agent. */
  readonly scope: string
  /** The policy's `@id`. */
  readonly rule: string
  readonly effect: 'permit' | 'forbid'
  /** The policy's `@reason`, in words for people; or what went wrong. */
  readonly text: string
}

/** Who can lift a forbid, and how. */
export interface Escalation {
  readonly scope: string
  readonly rule: string
  /** The role whose members may approve. */
  readonly to: string
  /** Milliseconds until no answer becomes no. */
  readonly within: number
  /** How many different people must agree. */
  readonly quorum: number
  readonly text: string
}

/** The guard's answer. `digest` names exactly what was asked (arguments, plan, policies); approvals are bound to it. */
export type Ruling = {
  readonly phase: Phase
  readonly digest: Digest
  /** The digest of every policy that was in force. */
  readonly policies: Digest
  readonly reasons: readonly RuleReason[]
} & (
  | { readonly decision: 'permit' }
  | { readonly decision: 'forbid' }
  | { readonly decision: 'escalate'; readonly escalations: readonly Escalation[] }
)

/** A forbid that people have lifted, for the request with this digest only. */
export interface Lifted {
  readonly approval: ApprovalId
  readonly scope: string
  readonly rule: string
  readonly digest: Digest
  readonly by: readonly string[]
}
