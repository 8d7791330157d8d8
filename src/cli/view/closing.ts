/** What stands below a run that has ended: the answer, and which step ran where, by whom, at which price, under which rules. */
import { formatUsd } from '../../core/index.ts'
import type { RunResult } from '../../runtime/index.ts'
import type { RunView, StepView } from './model.ts'
import { fit, type Line, line, linesIn, styled, table, wrap } from './text.ts'
import { compact, short, span } from './words.ts'

/** The answer, the table of steps and how it came out; on a terminal of `width` columns. */
export function closingOf(
  view: RunView,
  { outputs, status, reason, spent }: RunResult,
  width: number | undefined,
): readonly Line[] {
  const good = status === 'succeeded'
  return [
    ...answerLines(outputs, width),
    ...tableOf(view),
    line(),
    line(styled(good ? 'green' : 'red', status), `, for ${formatUsd(spent)}: ${reason}`),
  ]
}

function answerLines(outputs: Readonly<Record<string, unknown>>, width: number | undefined): readonly Line[] {
  const parts = Object.entries(outputs).map(([concept, value]) => ({ concept, value, text: textOf(value) }))
  const texts = parts.flatMap(({ concept, text }) =>
    text === undefined
      ? []
      : [line(), line(styled('bold', concept)), ...linesIn(width === undefined ? text : wrap(text, width)), line()],
  )
  const data = parts
    .filter(({ text }) => text === undefined)
    .map(({ concept, value }) => line(styled('bold', concept), ' ', styled('dim', compact(value))))
  // Beside something that was written for people, the data that it was made from is only named on a screen.
  return [...(width === undefined || texts.length === 0 ? data : data.map(one => fit(one, width))), ...texts]
}

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null || !('text' in value)) return undefined
  return typeof value.text === 'string' ? value.text : undefined
}

function tableOf({ steps }: RunView): readonly Line[] {
  if (steps.length === 0) return []
  const titles = ['step', 'does', 'by', 'at', 'price', 'took', 'rules'].map(title => line(styled('dim', title)))
  return table([titles, ...steps.map(rowOf)])
}

function rowOf(step: StepView): readonly Line[] {
  const { id, capability, standing, placement, agent = '–' } = step
  const place = placement === undefined ? '–' : `${placement.node}/${placement.device}`
  const start = [line(id), line(short(capability))]
  if (standing.kind === 'done') {
    const { charged, took } = standing
    return [
      ...start,
      line(standing.agent),
      line(place),
      line(formatUsd(charged)),
      line(span(took)),
      line(rulesOf(step)),
    ]
  }
  const skipped = standing.kind === 'dropped' && standing.cause === 'condition'
  if (skipped) return [...start, line('–'), line('–'), line('–'), line('–'), line(styled('dim', 'not needed'))]
  const why = standing.kind === 'dropped' ? `${standing.cause}: ${standing.reason}` : 'did not run'
  return [...start, line(agent), line(place), line('–'), line('–'), line(styled('red', why))]
}

function rulesOf({ before, after }: StepView): string {
  const names = [before, after].flatMap(ruling => ruling?.reasons ?? []).map(({ rule, scope }) => ({ rule, scope }))
  return [...new Set(names.map(({ rule, scope }) => (scope === 'home' ? rule : `${rule} (${scope})`)))].join(', ')
}
