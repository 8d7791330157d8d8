/**
 * The one family of errors. A caller decides by `code` and `retry`, never by the words of the message:
 * words follow one style (lower case, no full stop, values in backticks) and may change.
 */

/** What a caller should do after an error: nothing, again at once, again after a while, or on another agent or node. */
export type Retry = 'never' | 'now' | 'later' | 'elsewhere'

const table = {
  'bad-input': { retry: 'never', status: 400 },
  'bad-config': { retry: 'never', status: 500 },
  unauthenticated: { retry: 'never', status: 401 },
  forbidden: { retry: 'never', status: 403 },
  'not-found': { retry: 'never', status: 404 },
  conflict: { retry: 'never', status: 409 },
  expired: { retry: 'never', status: 409 },
  'too-large': { retry: 'never', status: 413 },
  'too-many-requests': { retry: 'later', status: 429 },
  'goal-unclear': { retry: 'never', status: 422 },
  'goal-outside': { retry: 'never', status: 422 },
  'no-plan': { retry: 'never', status: 422 },
  'plan-invalid': { retry: 'never', status: 422 },
  'no-bid': { retry: 'elsewhere', status: 503 },
  'no-placement': { retry: 'later', status: 503 },
  'over-budget': { retry: 'never', status: 402 },
  'over-capacity': { retry: 'later', status: 503 },
  'deadline-passed': { retry: 'never', status: 504 },
  cancelled: { retry: 'never', status: 409 },
  'agent-failed': { retry: 'elsewhere', status: 502 },
  'agent-silent': { retry: 'elsewhere', status: 504 },
  'bad-output': { retry: 'elsewhere', status: 502 },
  'outcome-unknown': { retry: 'never', status: 500 },
  'model-failed': { retry: 'elsewhere', status: 502 },
  'stale-fence': { retry: 'never', status: 409 },
  'store-failed': { retry: 'later', status: 503 },
  'audit-failed': { retry: 'never', status: 500 },
  closed: { retry: 'never', status: 503 },
  internal: { retry: 'never', status: 500 },
} as const satisfies Record<string, { retry: Retry; status: number }>

/** The stable name of what went wrong. */
export type ErrorCode = keyof typeof table

/** Every code with what to do after it (`retry`) and its HTTP status. */
export const errorTable: Readonly<Record<ErrorCode, { readonly retry: Retry; readonly status: number }>> = table

/** An error as plain data: what is journalled, sent and shown. */
export interface Problem {
  readonly code: ErrorCode
  /** What happened, in one line. */
  readonly message: string
  /** What to do about it, in one line. */
  readonly hint?: string
}

/** The only error type that Muster throws on purpose. Anything else that surfaces is a defect. */
export class MusterError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'MusterError'
    this.code = code
    this.hint = options.hint
  }

  /** What a caller should do next. */
  get retry(): Retry {
    return table[this.code].retry
  }

  /** The HTTP status that stands for this code. */
  get status(): number {
    return table[this.code].status
  }
}

/** Turns anything that was thrown into a `Problem`; foreign errors become `fallback` and keep their message. */
export function problemOf(thrown: unknown, fallback: ErrorCode = 'internal'): Problem {
  if (thrown instanceof MusterError) {
    return { code: thrown.code, message: thrown.message, ...(thrown.hint === undefined ? {} : { hint: thrown.hint }) }
  }
  return { code: fallback, message: thrown instanceof Error ? thrown.message : String(thrown) }
}

/** The error that a `Problem` describes. */
export function errorOf(problem: Problem, cause?: unknown): MusterError {
  return new MusterError(problem.code, problem.message, {
    ...(problem.hint === undefined ? {} : { hint: problem.hint }),
    ...(cause === undefined ? {} : { cause }),
  })
}
