/**
 * An escalation put to people, and their answers.
 *
 * 1. An approval is bound to the digest of exactly what was asked; an answer that names another digest is refused.
 * 2. It is decided once; never by the one who asked; it needs `quorum` different people.
 * 3. No answer until `expiresAt` is no.
 * 4. One no is no. Edited arguments close it: they are a new question, asked by the one who edited.
 */
import type { ApprovalId, Digest, RunId } from '../core/index.ts'

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
