/**
 * What is asked at the keyboard: a question by the number of its choice, an approval by `a`, `r` or `e` and then a reason.
 * A pure machine: `press` takes one key and gives the next prompt or what was answered.
 */
import type { Principal } from '../../core/index.ts'
import type { Approval } from '../../policy/index.ts'
import type { Question } from '../../runtime/index.ts'
import { openApprovals, type RunView } from './model.ts'
import { type Line, line, type Span, styled } from './text.ts'
import { approvalSaid, compact, countdown, short } from './words.ts'

/** What waits for a key. */
export type Prompt =
  | { readonly kind: 'question'; readonly question: Question; readonly expiresAt: number }
  | {
      readonly kind: 'approval'
      readonly approval: Approval
      /** Those here who may answer, and which of them does. */
      readonly people: readonly Principal[]
      readonly as: number
      readonly stage: Stage
    }

type Stage =
  | { readonly kind: 'choose' }
  | { readonly kind: 'edits'; readonly typed: string; readonly wrong?: string }
  | {
      readonly kind: 'reason'
      readonly choice: 'approve' | 'reject' | 'edit'
      readonly edits: Edits | undefined
      readonly typed: string
    }

type Edits = Readonly<Record<string, unknown>>

/** What somebody at the keyboard has answered. */
export type Answered =
  | { readonly kind: 'answer'; readonly question: Question; readonly choice: string }
  | {
      readonly kind: 'decision'
      readonly approval: Approval
      readonly by: Principal
      readonly choice: 'approve' | 'reject' | 'edit'
      readonly reason: string
      readonly edits: Edits | undefined
    }

/** A key as it was pressed: its name where it has one, and the text that it types. */
export interface Key {
  readonly name: string | undefined
  readonly text: string
}

/** Those of `people` whose answer to `approval` counts and is not there yet. */
export function answerersOf(approval: Approval, people: readonly Principal[]): readonly Principal[] {
  return people.filter(
    ({ id, kind, roles, tenant }) =>
      kind === 'person' &&
      tenant === approval.tenant &&
      roles.includes(approval.to) &&
      !approval.askedBy.includes(id) &&
      !approval.votes.some(({ by }) => by === id),
  )
}

/** What can be asked here now; undefined when nothing waits that anybody here may answer. */
export function promptFor(view: RunView, people: readonly Principal[]): Prompt | undefined {
  if (view.question !== undefined) return { kind: 'question', ...view.question }
  for (const approval of openApprovals(view)) {
    const able = answerersOf(approval, people)
    if (able.length > 0) return { kind: 'approval', approval, people: able, as: 0, stage: { kind: 'choose' } }
  }
  return undefined
}

/** What is asked, in one word that changes with every new question and every vote. */
export function keyOf(prompt: Prompt): string {
  return prompt.kind === 'question' ? prompt.question.id : `${prompt.approval.id}/${prompt.approval.votes.length}`
}

/** The prompt after a key, or what was answered with it. */
export function press(prompt: Prompt, key: Key): Prompt | Answered {
  if (prompt.kind === 'question') {
    const choice = prompt.question.choices[Number(key.text) - 1]
    return choice === undefined ? prompt : { kind: 'answer', question: prompt.question, choice: choice.id }
  }
  const { stage } = prompt
  if (key.name === 'escape') return { ...prompt, stage: { kind: 'choose' } }
  if (stage.kind === 'choose') return chosen(prompt, key)
  if (key.name !== 'return') return { ...prompt, stage: { ...stage, typed: typedWith(stage.typed, key) } }
  if (stage.kind === 'edits') return { ...prompt, stage: readEdits(stage.typed) }
  const by = prompt.people[prompt.as]
  if (by === undefined) return prompt
  const { choice, edits, typed } = stage
  const reason = typed.trim() || 'decided at the terminal'
  return { kind: 'decision', approval: prompt.approval, by, choice, reason, edits }
}

const choices = { a: 'approve', r: 'reject' } as const

function chosen(prompt: Extract<Prompt, { kind: 'approval' }>, { name, text }: Key): Prompt {
  if (name === 'tab') return { ...prompt, as: (prompt.as + 1) % prompt.people.length }
  const key = text.toLowerCase()
  if (key === 'e') return { ...prompt, stage: { kind: 'edits', typed: '' } }
  if (key !== 'a' && key !== 'r') return prompt
  return { ...prompt, stage: { kind: 'reason', choice: choices[key], edits: undefined, typed: '' } }
}

function typedWith(typed: string, { name, text }: Key): string {
  if (name === 'backspace') return Array.from(typed).slice(0, -1).join('')
  return /^\p{C}*$/u.test(text) ? typed : typed + text
}

function readEdits(typed: string): Stage {
  try {
    const edits: unknown = JSON.parse(typed)
    if (typeof edits === 'object' && edits !== null && !Array.isArray(edits))
      return { kind: 'reason', choice: 'edit', edits: { ...edits }, typed: '' }
  } catch {
    // Told below, with what is expected instead.
  }
  return { kind: 'edits', typed, wrong: 'this is not a JSON object of inputs' }
}

/** The prompt as it stands on the screen; the cursor belongs at the end of the last line. */
export function promptLines(prompt: Prompt, now: number): readonly Line[] {
  if (prompt.kind === 'question') {
    const { question, expiresAt } = prompt
    return [
      line(),
      line(styled('yellow', question.text), styled('dim', `  ${countdown(expiresAt - now)} left`)),
      ...question.choices.map(({ says }, index) => line(`  ${index + 1}  ${says}`)),
      line(styled('bold', `type 1 to ${question.choices.length}: `)),
    ]
  }
  const { approval, people, as, stage } = prompt
  return [
    line(),
    line(styled('yellow', approvalSaid(approval)), styled('dim', `  ${countdown(approval.expiresAt - now)} left`)),
    ...Object.entries(approval.input).map(([port, value]) =>
      line(styled('dim', `  ${short(approval.capability)} ${port} `), compact(value)),
    ),
    ...stageLines(stage, people[as]?.id ?? '', people.length > 1 ? people[(as + 1) % people.length]?.id : undefined),
  ]
}

function stageLines(stage: Stage, as: string, other: string | undefined): readonly Line[] {
  if (stage.kind === 'choose') {
    const key = (letter: string, rest: string): readonly Span[] => [
      styled('bold', `[${letter}]`),
      { text: `${rest}  ` },
    ]
    const change = other === undefined ? undefined : styled('dim', `tab: as ${other}  `)
    return [line(...key('a', 'pprove'), ...key('r', 'eject'), ...key('e', 'dit'), styled('cyan', `as ${as}  `), change)]
  }
  if (stage.kind === 'edits') {
    const wrong = stage.wrong === undefined ? [] : [line(styled('red', stage.wrong))]
    return [...wrong, line(`new inputs of ${as} as JSON, such as {"port": …} (escape: back): ${stage.typed}`)]
  }
  return [line(`${as} ${stage.choice}s, because (return: send, escape: back): ${stage.typed}`)]
}
