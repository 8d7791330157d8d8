/** Drawings of plans with what is known of their steps: before anything runs, and of a run. */
import { formatUsd } from '../core/index.ts'
import { drawSvg, type StepForecast, type StepNote } from '../planner/index.ts'
import type { Preview } from './preview.ts'
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** What a goal would lead to as an SVG drawing: who would do each step, for how much, and who may have to approve it. */
export function previewPicture({ plan, forecast, steps, approvals }: Preview): string {
  const known = new Map(steps.map(step => [step.step, step]))
  const whole = approvals.length === 0 ? '' : `, may ask ${rolesOf(approvals).join(', ')}`
  const title = `A plan of ${plan.steps.length} steps, likely ${amounts(forecast.cost.likely, forecast.time.likely)}${whole}`
  return drawSvg(plan, title, id => {
    const step = known.get(id)
    if (step === undefined) return undefined
    const { agent, others } = step
    const by = agent === undefined ? 'nobody offers' : `by ${[agent, ...others].join(' or ')}`
    return {
      lines: [by, likely(step)],
      approvals: rolesOf(step.approvals),
      critical: forecast.criticalPath.includes(id),
    }
  })
}

/** The plan of a run as an SVG drawing, with how far each step is; undefined while there is no plan. */
export function runPicture({ plan, forecast, steps, approvals, run }: RunState): string | undefined {
  if (plan === undefined) return undefined
  return drawSvg(plan, `The plan of ${run}`, id => {
    const step = steps.get(id)
    if (step === undefined) return undefined
    const open = [...approvals.values()].filter(({ step, outcome }) => step === id && outcome.status === 'open')
    return { ...standing(step), approvals: rolesOf(open), critical: forecast?.criticalPath.includes(id) ?? false }
  })
}

function standing({ status, forecast }: StepState): Pick<StepNote, 'lines'> {
  switch (status.kind) {
    case 'succeeded':
      return { lines: [`done by ${status.agent}`, amounts(status.charged, status.took)] }
    case 'assigned':
      return { lines: [`${status.job.agent} is at it`] }
    case 'dropped':
      return { lines: [`dropped (${status.cause})`] }
    case 'asking':
    case 'pending':
      return { lines: forecast === undefined ? [] : [likely(forecast)] }
  }
}

function likely({ cost, time, runs }: StepForecast): string {
  return `${runs < 1 ? 'if needed, ' : ''}${amounts(cost.likely, time.likely)}`
}

function amounts(cost: number, time: number): string {
  return `${formatUsd(Math.round(cost))}, ${Math.round(time)} ms`
}

function rolesOf(asked: readonly { readonly to: string; readonly quorum: number }[]): readonly string[] {
  return [...new Set(asked.map(({ to, quorum }) => (quorum === 1 ? to : `${quorum} of ${to}`)))]
}
