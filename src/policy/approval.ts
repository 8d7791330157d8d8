/**
 * An escalation put to people, and their answers.
 *
 * 1. An approval is bound to the digest of exactly what was asked; an answer that names another digest is refused.
 * 2. It is decided once; never by the one who asked; it needs `quorum` different people.
 * 3. No answer until `expiresAt` is no.
 * 4. One no is no. Edited arguments close it: they are a new question, asked by the one who edited.
 */
import { capabilityId } from '../agents/index.ts'
import { type ApprovalId, type Digest, type Ids, MusterError, type Principal, type RunId } from '../core/index.ts'
import type { GuardRequest, Ruling } from './request.ts'

/** A person's vote. */
export interface Vote {
  readonly by: string
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** A question that waits for people, or is closed. */
export interface Approval {
  readonly id: ApprovalId
  readonly run: RunId
  readonly tenant: string
  /** The step, or undefined when the whole plan is asked about. */
  readonly step: string | undefined
  readonly scope: string
  readonly rule: string
  readonly to: string
  readonly quorum: number
  readonly digest: Digest
  /** Why it is asked: the rule's words. */
  readonly text: string
  /** What would be done: capability, and its arguments by port. */
  readonly capability: string
  readonly input: Readonly<Record<string, unknown>>
  /** What came of it, when people are asked to let that out; the work is done then, and its arguments stand. */
  readonly output?: Readonly<Record<string, unknown>>
  /** Who may not answer: the one who declared the goal, and whoever edited the arguments. */
  readonly askedBy: readonly string[]
  readonly askedAt: number
  readonly expiresAt: number
  readonly votes: readonly Vote[]
  readonly outcome:
    | { readonly status: 'open' }
    | { readonly status: 'approved' }
    | { readonly status: 'rejected'; readonly by: string; readonly reason: string }
    | {
        readonly status: 'edited'
        readonly by: string
        readonly reason: string
        readonly edits: Readonly<Record<string, unknown>>
      }
    | { readonly status: 'expired' }
    | { readonly status: 'withdrawn'; readonly reason: string }
}

/** An answer as it comes in. `edits` replaces whole inputs by port. */
export interface Decision {
  readonly choice: 'approve' | 'reject' | 'edit'
  readonly reason: string
  readonly digest: Digest
  readonly edits?: Readonly<Record<string, unknown>>
}

/**
 * The questions that an escalation puts to people, one for each rule that stands in the way. `askedBy` are those who may
 * not answer, `askedAt` is in milliseconds since 1970.
 */
export function openApprovals(
  ruling: Extract<Ruling, { decision: 'escalate' }>,
  request: GuardRequest,
  asked: { readonly ids: Ids; readonly askedBy: readonly string[]; readonly askedAt: number },
): readonly Approval[] {
  return ruling.escalations.map(({ scope, rule, to, within, quorum, text }) => ({
    id: asked.ids.next('approval') as ApprovalId,
    run: request.run,
    tenant: request.principal.tenant,
    step: request.step,
    scope,
    rule,
    to,
    quorum,
    digest: ruling.digest,
    text,
    capability: capabilityId(request.capability),
    input: request.input,
    ...(request.output === undefined ? {} : { output: request.output }),
    askedBy: asked.askedBy,
    askedAt: asked.askedAt,
    expiresAt: asked.askedAt + within,
    votes: [],
    outcome: { status: 'open' },
  }))
}

/**
 * The approval after a person's answer at `now` (milliseconds since 1970). Throws `forbidden` when it is not theirs to
 * give, `expired` when it comes too late, `conflict` when the question is closed, is another one than they answer, or has
 * their vote, `bad-input` when edits are missing or do not belong.
 */
export function decide(approval: Approval, decision: Decision, by: Principal, now: number): Approval {
  refuseStranger(approval, by)
  refuseLate(approval, decision, by, now)
  const { choice, reason, edits } = decision
  if (choice === 'edit') {
    return { ...approval, outcome: { status: 'edited', by: by.id, reason, edits: editsOf(approval, edits) } }
  }
  if (edits !== undefined) {
    throw new MusterError('bad-input', `edits do not go with \`${choice}\``, {
      hint: 'choose `edit`, or leave them out',
    })
  }
  if (choice === 'reject') return { ...approval, outcome: { status: 'rejected', by: by.id, reason } }
  const votes = [...approval.votes, { by: by.id, reason, at: now }]
  return { ...approval, votes, outcome: votes.length < approval.quorum ? { status: 'open' } : { status: 'approved' } }
}

function refuseStranger({ id, to, tenant, askedBy }: Approval, by: Principal): void {
  const refuse = (why: string): never => {
    throw new MusterError('forbidden', `\`${by.id}\` may not decide \`${id}\`: ${why}`, {
      hint: `ask somebody else with the role \`${to}\``,
    })
  }
  if (by.tenant !== tenant) refuse('it belongs to another tenant')
  if (by.kind !== 'person') refuse('only people approve')
  if (!by.roles.includes(to)) refuse(`the role \`${to}\` is needed`)
  if (askedBy.includes(by.id)) refuse('nobody approves what they asked for')
}

function refuseLate(approval: Approval, decision: Decision, by: Principal, now: number): void {
  const { id, outcome, expiresAt, digest, votes } = approval
  if (outcome.status === 'expired' || (outcome.status === 'open' && now >= expiresAt)) {
    throw new MusterError('expired', `\`${id}\` has expired, which means no`, { hint: 'declare the goal again' })
  }
  if (outcome.status !== 'open') {
    throw new MusterError('conflict', `\`${id}\` is closed: ${outcome.status}`, { hint: 'read it again' })
  }
  if (decision.digest !== digest) {
    throw new MusterError('conflict', `the answer is to another question than \`${id}\` asks`, {
      hint: 'read it again',
    })
  }
  if (votes.some(vote => vote.by === by.id)) {
    throw new MusterError('conflict', `\`${by.id}\` has voted on \`${id}\``, { hint: 'somebody else must agree too' })
  }
}

function editsOf({ input, output }: Approval, edits: Decision['edits']): Readonly<Record<string, unknown>> {
  if (output !== undefined) {
    throw new MusterError('bad-input', 'the work is done: its arguments can no longer be edited', {
      hint: 'approve or reject what came of it',
    })
  }
  const names = Object.keys(edits ?? {})
  const unknown = names.find(name => !Object.hasOwn(input, name))
  if (edits !== undefined && names.length > 0 && unknown === undefined) return edits
  throw new MusterError('bad-input', unknown === undefined ? 'nothing is edited' : `there is no input \`${unknown}\``, {
    hint: `give new values for any of: ${Object.keys(input).join(', ')}`,
  })
}

/** The approval as it stands at `now`: an open one whose time is over has expired. */
export function expire(approval: Approval, now: number): Approval {
  if (approval.outcome.status !== 'open' || now < approval.expiresAt) return approval
  return { ...approval, outcome: { status: 'expired' } }
}

/** Takes an open question back, because nobody needs the answer any more; a closed one stays as it is. */
export function withdraw(approval: Approval, reason: string): Approval {
  return approval.outcome.status === 'open' ? { ...approval, outcome: { status: 'withdrawn', reason } } : approval
}
