/** A run as lines that are only ever added: what a log, a pipe or a file gets of each event. */
import { formatUsd } from '../../core/index.ts'
import type { Ruling } from '../../policy/index.ts'
import { originWords, type RunEvent, revisionWords } from '../../runtime/index.ts'
import { planSaid } from './board.ts'
import type { RunView } from './model.ts'
import { type Line, line } from './text.ts'
import { approvalSaid, percent, rulesSaid, short, span } from './words.ts'

/** What to add for `event`; `view` is the run after it. */
export function eventLines(event: RunEvent, view: RunView): readonly Line[] {
  return textsOf(event, view).map(text => line(text))
}

function textsOf(event: RunEvent, view: RunView): readonly string[] {
  switch (event.type) {
    case 'goal.declared':
      return [`${view.run} declared by ${event.principal.id}: ${view.objective}`]
    case 'run.claimed':
      return []
    case 'goal.interpreted':
      return [
        ...event.understood.map(
          ({ text, intent, confidence }) => `understood “${text}” as ${intent}, ${percent(confidence)} sure`,
        ),
        ...event.outside.map(text => `nothing here can serve “${text}”`),
      ]
    case 'question.asked':
      return [`asks ${view.principal.id}: ${event.question.text}`]
    case 'question.answered':
      return [`${event.by} answers: ${event.choice}`]
    case 'plan.adopted': {
      const { plan } = view
      if (plan === undefined) return []
      const said = planSaid(plan, undefined).map(({ text }) => text)
      const steps = event.plan.steps.flatMap(({ id }) => view.steps.find(step => step.id === id) ?? [])
      const { revised } = event
      return [
        `plan ${plan.revision}: ${said.join('').replace('  ', ', ')}`,
        ...(event.origin === undefined ? [] : originWords(event.origin).map(text => `  ${text}`)),
        ...(revised === undefined
          ? []
          : revisionWords({ kind: 'adopted', revision: plan.revision, ...revised }).map(words => `  ${words}`)),
        ...steps.map(
          ({ id, capability, needs }) => `  ${id} ${short(capability)} needs ${needs.join(', ') || 'nothing'}`,
        ),
      ]
    }
    case 'plan.doubted':
      return [`plan doubted: ${event.reason}`]
    case 'plan.kept':
      return [`plan kept: ${event.reason}`]
    case 'run.changed':
      return [`changed by ${event.by}: ${event.reason}`]
    case 'plan.ruled':
      return [`plan ${ruled(event.ruling)}`]
    case 'step.called':
      return [
        `${event.step.id} ${short(event.step.capability)} called${event.parent === undefined ? '' : ` by ${event.parent}`}`,
      ]
    case 'step.ruled': {
      const about = event.ruling.phase === 'after' ? 'result' : (event.agent ?? '')
      return [`${event.step} ${about} ${ruled(event.ruling)}`.replace('  ', ' ')]
    }
    case 'step.assigned':
      return assigned(event)
    case 'step.worked':
      return [`${event.step} worked ${span(event.took)}, and people must let its result out`]
    case 'step.succeeded':
      return [`${event.step} done by ${event.agent} in ${span(event.took)}, charged ${formatUsd(event.charged)}`]
    case 'step.failed':
      return [
        `${event.step} failed: ${view.steps.find(({ id }) => id === event.step)?.trouble ?? event.problem.message}`,
      ]
    case 'step.suspended':
      return [`${event.step} is let go until people have answered about ${event.on}`]
    case 'step.dropped':
      return [`${event.step} ${event.cause === 'condition' ? 'not needed' : event.cause}: ${event.reason}`]
    case 'step.edited':
      return [`${event.step} edited by ${event.by} (${Object.keys(event.inputs).join(', ')}): ${event.reason}`]
    case 'approval.requested':
      return [`${event.approval.step ?? 'plan'} asks ${event.approval.id}: ${approvalSaid(event.approval)}`]
    case 'approval.voted':
    case 'approval.closed':
      return [`${event.approval.step ?? 'plan'} ${event.approval.outcome.status}: ${approvalSaid(event.approval)}`]
    case 'run.paused':
    case 'run.cancelled':
      return [`${event.type.slice(4)} by ${event.by}: ${event.reason}`]
    case 'run.resumed':
      return [`resumed by ${event.by}`]
    case 'run.concluded':
      return []
  }
}

function ruled(ruling: Ruling): string {
  const words = { permit: 'permitted', forbid: 'forbidden', escalate: 'asks' } as const
  return `${words[ruling.decision]} by ${rulesSaid(ruling)}`
}

function assigned({
  step,
  attempt,
  agent,
  bids,
  placement,
}: Extract<RunEvent, { type: 'step.assigned' }>): readonly string[] {
  const { ranked, declined, silent } = bids
  const offers = ranked.map(({ bid, score }) => {
    const terms = `${formatUsd(bid.price)}, ${span(bid.time)}, sure ${percent(bid.confidence)}, score ${score.toFixed(2)}`
    return `${bid.agent === agent ? '* ' : ''}${bid.agent} ${terms}`
  })
  const others = [
    ...declined.map(({ agent, reason }) => `${agent} declined: ${reason}`),
    ...silent.map(one => `${one} did not answer`),
  ]
  return [
    `${step} bids: ${[...offers, ...others].join('; ')}`,
    `${step} goes to ${agent}${attempt > 1 ? `, attempt ${attempt},` : ''} at ${placement.node}/${placement.device}: ${placement.reason}`,
  ]
}
