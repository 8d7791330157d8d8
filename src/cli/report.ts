/** What a command hands back: its lines for people, its document for programs, and the exit code. */
import { errorTable, MusterError, type Problem } from '../core/index.ts'
import { type Line, line, styled } from './view/text.ts'

/** How a command came out. */
export const exits = { done: 0, failed: 1, usage: 2, waiting: 3, interrupted: 130 } as const
export type Exit = (typeof exits)[keyof typeof exits]

/** The end of a command. */
export interface Report {
  readonly exit: Exit
  /** What `--json` prints; undefined when it was published before. */
  readonly document: unknown
  readonly lines: readonly Line[]
}

/** The exit code for a problem: 2 when what was asked for must be changed, 1 when it was refused or did not work. */
export function exitFor({ code }: Problem): Exit {
  if (code === 'bad-config') return exits.usage
  if (code === 'forbidden' || code === 'no-plan' || code === 'goal-outside' || code === 'over-budget')
    return exits.failed
  const { status, retry } = errorTable[code]
  return status < 500 && retry === 'never' ? exits.usage : exits.failed
}

/** A problem in words: its code, what happened, what to do. */
export function problemLines({ code, message, hint }: Problem): readonly Line[] {
  return [
    line(styled('red', `${code}: `), message),
    ...(hint === undefined ? [] : [line(styled('dim', `what to do: ${hint}`))]),
  ]
}

/** JSON that came from outside. Throws `bad-input` naming `what` when it is none. */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new MusterError('bad-input', `${what} is not JSON: ${why}`, { hint: 'correct it at the named place', cause })
  }
}
