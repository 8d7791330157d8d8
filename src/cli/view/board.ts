/** The picture of a run on a terminal: its goal, its plan, and a board of its steps. */
import { formatUsd } from '../../core/index.ts'
import { sayDifference } from '../../planner/index.ts'
import type { Approval, Ruling } from '../../policy/index.ts'
import { originWords } from '../../runtime/index.ts'
import { openApprovals, type RunView, type StepView } from './model.ts'
import { fit, type Line, line, type Span, styled, table } from './text.ts'
import { approvalSaid, countdown, percent, rulesSaid, short, span } from './words.ts'

/** What the picture must fit into. */
export interface Frame {
  /** Columns. */
  readonly width: number
  /** Lines; undefined: as many as it takes. */
  readonly height: number | undefined
  /** Milliseconds since 1970. */
  readonly now: number
}

/**
 * The lines of a run. Where there is not room for everything, the details of steps that have ended go first, the oldest
 * before the newer ones, then those of steps that have not begun, then whole lines from the top.
 */
export function boardOf(view: RunView, { width, height = Infinity, now }: Frame): readonly Line[] {
  const head = headOf(view, now)
  const heads = table(view.steps.map(step => stepCells(step, view, now)))
  const details = view.steps.map(detailsOf)
  const collapsed = new Set<number>()
  const order = [...view.steps.keys()].sort((a, b) => rank(view.steps[a]) - rank(view.steps[b]) || a - b)
  let total = head.length + heads.length + details.reduce((sum, lines) => sum + lines.length, 0)
  for (const index of order) {
    if (total <= height) break
    collapsed.add(index)
    total -= details[index]?.length ?? 0
  }
  const lines = [
    ...head,
    ...heads.flatMap((first, index) => [first, ...(collapsed.has(index) ? [] : (details[index] ?? []))]),
  ].map(one => fit(one, width))
  if (lines.length <= height) return lines
  const hidden = lines.length - height + 1
  return [fit(line(styled('dim', `… ${hidden} lines above`)), width), ...lines.slice(hidden)]
}

function rank(step: StepView | undefined): number {
  const kind = step?.standing.kind
  return kind === 'done' || kind === 'dropped' ? 0 : kind === 'waiting' ? 1 : 2
}

function headOf(view: RunView, now: number): readonly Line[] {
  const { objective, principal, run, understood, outside, plan, planRuling, paused } = view
  const label = (text: string) => styled('dim', text.padEnd(11))
  const [first, ...rest] = understood
  const read = (one: RunView['understood'][number], name: string) =>
    line(
      label(name),
      `“${one.text}” is `,
      styled('cyan', one.intent),
      styled('dim', `  ${percent(one.confidence)} sure`),
    )
  return [
    line(styled('bold', objective), styled('dim', `  ${principal.id}, ${run}`)),
    ...(first === undefined ? [] : [read(first, 'understood'), ...rest.map(one => read(one, ''))]),
    ...outside.map(text => line(label('outside'), styled('yellow', `nothing here can serve “${text}”`))),
    ...(plan === undefined ? [] : [line(label(`plan ${plan.revision}`), ...planSaid(plan, planRuling))]),
    ...(plan?.origin === undefined
      ? []
      : originWords(plan.origin).map((text, at) => line(label(at === 0 ? 'made' : ''), { text }))),
    ...(plan?.revised === undefined
      ? []
      : [
          line(label('because'), { text: plan.revised.because }),
          ...sayDifference(plan.revised.difference).map(words => line(label(''), styled('dim', words))),
        ]),
    ...openApprovals(view)
      .filter(({ step }) => step === undefined)
      .map(approval => line(label('asks'), ...askSpans(approval, now))),
    ...(paused === undefined ? [] : [line(label('paused'), styled('yellow', `by ${paused.by}: ${paused.reason}`))]),
    line(),
  ]
}

/** The plan in one line: steps, forecast, and what rules say about the whole of it. */
export function planSaid(
  { steps, forecast }: NonNullable<RunView['plan']>,
  ruling: Ruling | undefined,
): readonly Span[] {
  const { cost, time, risk } = forecast
  const worst = `at worst ${formatUsd(cost.high)} and ${span(time.high)}`
  const expected = `${steps} ${steps === 1 ? 'step' : 'steps'}, about ${formatUsd(cost.likely)} and ${span(time.likely)}`
  return [
    { text: expected },
    styled('dim', `  ${worst}, risk ${percent(risk)}`),
    ...(ruling === undefined ? [] : [{ text: '  ' }, rulingSpan(ruling)]),
  ]
}

const rulingStyle = { permit: 'green', forbid: 'red', escalate: 'yellow' } as const

function rulingSpan({ decision }: Ruling): Span {
  return styled(
    rulingStyle[decision],
    decision === 'permit' ? 'permitted' : decision === 'forbid' ? 'forbidden' : 'asks',
  )
}

const marks = {
  waiting: styled('dim', '·'),
  asking: styled('yellow', '?'),
  working: styled('cyan', '▸'),
  done: styled('green', '✓'),
  dropped: styled('red', '✗'),
} as const

function stepCells(step: StepView, view: RunView, now: number): readonly Line[] {
  const { id, capability, standing, parent, agent, placement } = step
  const skipped = standing.kind === 'dropped' && ['condition', 'replaced'].includes(standing.cause)
  const mark = skipped ? styled('dim', '–') : marks[standing.kind]
  const start: readonly Line[] = [
    line(mark, ' ', { text: parent === undefined ? id : `${id.split('/').at(-1)?.slice(0, 6)} of ${parent}` }),
    line(styled('bold', short(capability))),
  ]
  switch (standing.kind) {
    case 'waiting':
      return [
        ...start,
        line(styled('dim', step.needs.length === 0 ? 'needs nothing' : `needs ${step.needs.join(', ')}`)),
      ]
    case 'asking': {
      const asked = openApprovals(view).find(approval => approval.step === id)
      if (asked === undefined) return [...start, line(styled('yellow', 'waits for people'))]
      const left = countdown(asked.expiresAt - now)
      return [...start, line(styled('yellow', `waits for ${asked.to}`), styled('dim', `  ${left} left`))]
    }
    case 'working':
      return [...start, line(styled('cyan', standing.agent)), line(styled('dim', span(now - standing.since)))]
    case 'done': {
      const place = placement === undefined ? '' : `${placement.node}/${placement.device}`
      const { charged, took } = standing
      return [...start, line(standing.agent), line(span(took)), line(formatUsd(charged)), line(styled('dim', place))]
    }
    case 'dropped': {
      const who = agent === undefined || skipped ? '' : `${agent}: `
      const style = skipped ? 'dim' : 'red'
      return [...start, line(styled(style, `${skipped ? 'not needed' : standing.cause}: ${who}${standing.reason}`))]
    }
  }
}

function askSpans(approval: Approval, now: number): readonly Span[] {
  return [styled('yellow', approvalSaid(approval)), styled('dim', `  ${countdown(approval.expiresAt - now)} left`)]
}

function detailsOf(step: StepView): readonly Line[] {
  if (step.standing.kind === 'dropped' && step.standing.cause !== 'denied') return []
  const { bids, placement, before, after, trouble } = step
  const detail = (name: string, ...spans: readonly Span[]) => line(styled('dim', `    ${name.padEnd(7)}`), ...spans)
  const same = before !== undefined && after !== undefined && rulesSaid(before) === rulesSaid(after)
  return [
    ...(bids === undefined ? [] : [detail('bids', ...bidSpans(step))]),
    ...(placement === undefined
      ? []
      : [detail('place', { text: `${placement.node}/${placement.device}` }, styled('dim', `  ${placement.reason}`))]),
    ...(before === undefined ? [] : [detail(same ? 'rules' : 'before', ...ruleSpans(before))]),
    ...(after === undefined || same ? [] : [detail('after', ...ruleSpans(after))]),
    ...(trouble === undefined ? [] : [detail('failed', styled('yellow', trouble))]),
  ]
}

function bidSpans({ bids, agent }: StepView): readonly Span[] {
  if (bids === undefined) return []
  const offers = bids.ranked.flatMap(({ bid, score }, index): readonly Span[] => {
    const won = bid.agent === agent
    const terms = `${formatUsd(bid.price)}, ${span(bid.time)}, sure ${percent(bid.confidence)}`
    return [
      ...(index === 0 ? [] : [styled('dim', ' · ')]),
      won ? styled('green', `★ ${bid.agent}`) : { text: bid.agent },
      styled('dim', ` ${terms}${bids.ranked.length > 1 ? `, score ${score.toFixed(2)}` : ''}`),
    ]
  })
  const others = [
    ...bids.declined.map(({ agent, reason }) => `${agent} declined: ${reason}`),
    ...bids.silent.map(agent => `${agent} did not answer`),
  ]
  return [...offers, ...others.map(text => styled('dim', ` · ${text}`))]
}

function ruleSpans(ruling: Ruling): readonly Span[] {
  return [rulingSpan(ruling), styled('dim', ` ${rulesSaid(ruling)}`)]
}
