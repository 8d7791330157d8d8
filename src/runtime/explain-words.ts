/** An explanation in words for people, a line a thing that was decided. Lines about a step are indented below it. */
import { formatUsd } from '../core/index.ts'
import { sayDifference } from '../planner/index.ts'
import type { Approval, Ruling } from '../policy/index.ts'
import type { PlanOrigin } from './event.ts'
import type { ExplainedAttempt, ExplainedStep, Explanation } from './explain.ts'
import { itemNumber } from './loop-items.ts'
import { type Compared, compare, type Outturn } from './outturn.ts'

/** The whole run in words: the goal, the plan, every step, the end. */
export function runWords(explanation: Explanation): readonly string[] {
  const {
    principal,
    objective,
    understood,
    outside,
    questions,
    plan,
    revisions,
    approvals,
    steps,
    interventions,
    outturn,
    conclusion,
  } = explanation
  return [
    `\`${principal.id}\` declared: ${objective ?? 'a text that is not yet understood'}`,
    ...understood.map(
      ({ text, intent, confidence }) => `understood “${text}” as \`${intent}\` (${part(confidence)} sure)`,
    ),
    ...outside.map(text => `nothing here can serve “${text}”`),
    ...questions.map(({ question, answer }) => `asked: ${question.text} – ${answerWords(question.choices, answer)}`),
    ...(plan === undefined
      ? []
      : [
          `plan ${plan.revision}: expected to cost ${formatUsd(plan.forecast.cost.likely)} and take ${Math.round(plan.forecast.time.likely)} ms, with a risk of ${part(plan.forecast.risk)}`,
          ...(plan.origin === undefined ? [] : originWords(plan.origin)),
          ...plan.rulings.flatMap(ruling => rulingWords('the plan', ruling)),
        ]),
    ...revisions.flatMap(revisionWords),
    ...approvals.map(approvalWords),
    ...steps.flatMap(stepWords),
    ...(outturn === undefined ? [] : outturnWords(outturn)),
    ...interventions.map(({ what, by, reason }) => `${what} by \`${by}\`${reason === '' ? '' : `: ${reason}`}`),
    conclusion === undefined
      ? 'it has not ended'
      : `${conclusion.outcome}, for ${formatUsd(conclusion.spent)}: ${conclusion.reason}`,
  ]
}

/** How a plan came about, in words: what was wrong with a draft, and what was done about it. */
export function originWords(origin: PlanOrigin): readonly string[] {
  if (origin.kind === 'composed')
    return [origin.because === undefined ? 'composed' : `composed, and not drafted: ${origin.because}`]
  const { step, round, issues, changes } = origin
  const which = round === 1 ? '' : `, at attempt ${round}`
  return [
    `drafted by \`${step}\`${which}${changes.length === 0 ? ', and carried out as it was drafted' : ', and repaired'}`,
    ...issues.map(issue => `  wrong with it: ${issue.step === undefined ? '' : `\`${issue.step}\`: `}${issue.reason}`),
    ...changes.map(change => `  changed: ${change}`),
  ]
}

/** How a plan was changed or kept, in words. */
export function revisionWords(revision: Explanation['revisions'][number]): readonly string[] {
  if (revision.kind === 'kept') return [`the plan was kept: ${revision.reason}`]
  const { review } = revision
  return [
    `plan ${revision.revision} took its place: ${revision.because}`,
    ...sayDifference(revision.difference).map(words => `  ${words}`),
    review.kind === 'stands'
      ? `  what was permitted still stands: ${review.because}`
      : `  it is ruled on anew: ${review.because}`,
  ]
}

/** One step in words. */
export function stepWords(step: ExplainedStep): readonly string[] {
  const { reason, rulings, attempts, approvals, edits, parent } = step
  const lines = [
    ...(parent === undefined ? [] : [parentWords(step.step, parent)]),
    ...choiceWords(step),
    ...(reason === undefined || reason.for.length === 0 ? [] : [`in the plan because ${reason.for.join(', ')}`]),
    ...(reason?.instead ?? []).map(({ capability, because }) => `not \`${capability}\`: ${because}`),
    ...attempts.flatMap(attemptWords),
    ...rulings.flatMap(({ agent, ruling }) => rulingWords(agent === undefined ? 'it' : `\`${agent}\``, ruling)),
    ...approvals.map(approvalWords),
    ...edits.map(
      ({ by, reason, inputs }) => `\`${by}\` edited ${inputs.map(name => `\`${name}\``).join(', ')}: ${reason}`,
    ),
  ]
  return [`${step.step} ${step.capability}: ${endWords(step)}`, ...lines.map(line => `  ${line}`)]
}

function parentWords(id: string, parent: string): string {
  const item = itemNumber(id, parent)
  return item === undefined ? `called by \`${parent}\`` : `item ${item} of \`${parent}\``
}

function choiceWords({ choice }: ExplainedStep): readonly string[] {
  const { when, unless, each } = choice
  return [
    ...(when === undefined ? [] : [`runs when \`${when.condition}\``]),
    ...(unless === undefined ? [] : [`stands in for ${unless.map(id => `\`${id}\``).join(' and ')}`]),
    ...(each === undefined ? [] : [`runs for each item of its \`${each.port}\`, ${each.most} at most`]),
  ]
}

/** Forecast against actual, of the plan and of each step that has ended. */
function outturnWords({ cost, time, steps }: Outturn): readonly string[] {
  const ended = steps.filter(({ end }) => end === 'succeeded' || end === 'failed')
  if (ended.length === 0) return []
  return [
    'forecast against actual, in work without waiting:',
    `  the plan: ${comparedWords(formatWhole, cost)}; ${comparedWords(formatTime, time)}`,
    ...ended.map(({ step, capability, forecast, end, charged, took }) => {
      const costs = comparedWords(formatWhole, compare(forecast.cost, charged))
      const times = comparedWords(formatTime, compare(forecast.time, took))
      return `  ${step} ${capability}: ${end === 'failed' ? `failed, at a risk of ${part(forecast.risk)}` : costs}; ${times}`
    }),
  ]
}

function comparedWords(format: (amount: number) => string, { forecast, actual, within }: Compared): string {
  const [low, high] = [format(forecast.low), format(forecast.high)]
  return `${format(actual)}, ${within ? 'within' : 'not within'} ${low === high ? low : `${low} to ${high}`}`
}

function formatWhole(amount: number): string {
  return formatUsd(Math.round(amount))
}

function formatTime(amount: number): string {
  return `${Math.round(amount)} ms`
}

function endWords({ end }: ExplainedStep): string {
  if (end.kind === 'open') return 'has not ended'
  if (end.kind === 'dropped' && end.cause === 'condition') return `not needed: ${end.reason}`
  if (end.kind === 'dropped') return `dropped (${end.cause}): ${end.reason}`
  return `done by \`${end.agent}\` for ${formatUsd(end.charged)} in ${Math.round(end.took)} ms`
}

function attemptWords(attempt: ExplainedAttempt): readonly string[] {
  const { agent, candidates, declined, silent, placement, failure } = attempt
  return [
    `attempt ${attempt.attempt}: \`${agent}\` for ${formatUsd(attempt.price)}, out of ${candidates.length} ${candidates.length === 1 ? 'offer' : 'offers'}`,
    ...candidates.map(({ bid, score, parts }) => {
      const judged = Object.entries(parts).map(([name, share]) => `${name} ${share.toFixed(2)}`)
      return `  \`${bid.agent}\` scored ${score.toFixed(3)}: ${judged.join(', ')}; asked ${formatUsd(bid.price)} and ${Math.round(bid.time)} ms`
    }),
    ...declined.map(one => `  \`${one.agent}\` declined: ${one.reason}`),
    ...silent.map(one => `  \`${one}\` did not answer`),
    `placed on \`${placement.node}/${placement.device}\`: ${placement.reason}`,
    ...placement.trace.flatMap(one => (one.fits ? [] : [`  not \`${one.node}/${one.device}\`: ${one.reason}`])),
    ...(failure === undefined ? [] : [`failed: ${failure.message}; then ${failure.next.kind}: ${failure.next.reason}`]),
  ]
}

function rulingWords(who: string, { phase, decision, reasons }: Ruling): readonly string[] {
  const spoke = reasons.map(({ scope, rule, effect, text }) => `${effect} by \`${rule}\` of \`${scope}\`: ${text}`)
  return [
    `${decision} ${phase === 'after' ? 'what came of it' : `for ${who}`}: ${spoke.length === 0 ? 'no policy permits it' : spoke.join('; ')}`,
  ]
}

function approvalWords({ to, text, votes, outcome }: Approval): string {
  const yes = votes.map(({ by, reason }) => `\`${by}\` said yes: ${reason}`)
  const no = outcome.status === 'rejected' ? [`\`${outcome.by}\` said no: ${outcome.reason}`] : []
  const said = [...yes, ...no]
  return `asked \`${to}\`: ${text} – ${said.length === 0 ? outcome.status : `${said.join('; ')} (${outcome.status})`}`
}

function answerWords(choices: readonly { readonly id: string; readonly says: string }[], answer: string | undefined) {
  if (answer === undefined) return 'not answered'
  return `answered: ${choices.find(({ id }) => id === answer)?.says ?? answer}`
}

function part(share: number): string {
  return `${Math.round(share * 100)} %`
}
