/** `muster plan`: what a goal would lead to. Nothing is done. */
import { formatUsd } from '../../core/index.ts'
import { originsOf } from '../../planner/index.ts'
import type { Preview, PreviewedStep } from '../../runtime/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { openSession } from '../session.ts'
import { type Line, line, styled, table } from '../view/text.ts'
import { percent, short, span } from '../view/words.ts'
import { declarationIn } from './goal.ts'

/** Plans the goal in file or text `asked`, for person `as`. */
export async function planGoal(cli: Cli, asked: string, options: { readonly as?: string }): Promise<Report> {
  const declaration = await declarationIn(asked, cli.cwd)
  // Only a text needs work: somebody must read it.
  await using session = await openSession(
    { ...cli, screen: undefined },
    { as: options.as, work: 'text' in declaration },
  )
  const preview = await session.muster.plan(declaration, { as: session.as })
  return { exit: exits.done, document: preview, lines: previewLines(preview) }
}

function previewLines({ forecast, steps, why, plan, drafter }: Preview): readonly Line[] {
  const { cost, time, risk } = forecast
  const titles = ['step', 'does', 'effect', 'by', 'at', 'price', 'time', 'needs'].map(title =>
    line(styled('dim', title)),
  )
  const approvals = steps.flatMap(({ step, approvals }) =>
    approvals.map(({ to, quorum, text }) => {
      const who = quorum === 1 ? to : `${quorum} of ${to}`
      return line(`${step} may wait for `, styled('yellow', who), `: ${text}`)
    }),
  )
  const reasons = why.flatMap(({ step, for: purposes, instead }) => [
    line(`${step} is there because ${purposes.join(', ')}`),
    ...instead.map(({ capability, because }) => line(styled('dim', `  not ${short(capability)}: ${because}`))),
  ])
  return [
    ...table([titles, ...steps.map(step => rowOf(step, needsOf(plan, step.step)))]),
    line(),
    line(`cost ${formatUsd(cost.likely)}, at best ${formatUsd(cost.low)}, at worst ${formatUsd(cost.high)}`),
    line(`time ${span(time.likely)}, at best ${span(time.low)}, at worst ${span(time.high)}`),
    line(`risk ${percent(risk)} that some step fails`),
    ...(drafter === undefined
      ? []
      : [
          line(
            `composed; in a run `,
            styled('cyan', short(drafter.capability)),
            ` is asked for a plan first, ${drafter.rounds === 1 ? 'once' : `${drafter.rounds} times`} at most, at its price`,
          ),
        ]),
    ...approvals,
    line(),
    ...reasons,
  ]
}

function rowOf({ step, capability, effect, agent, price, time, place }: PreviewedStep, needs: string): readonly Line[] {
  const by = agent === undefined ? styled('red', 'nobody offers') : agent
  return [
    line(step),
    line(short(capability)),
    line(effect),
    line(by),
    line(place),
    line(formatUsd(price)),
    line(span(time)),
    line(styled('dim', needs)),
  ]
}

function needsOf({ steps }: Preview['plan'], id: string): string {
  const step = steps.find(one => one.id === id)
  const sources = [...Object.values(step?.inputs ?? {}), ...Object.values(step?.when?.over ?? {})].flatMap(originsOf)
  const needs = sources.map(source => (source.from === 'given' ? source.name : source.step))
  return [...new Set([...needs, ...(step?.unless ?? []).map(other => `no ${other}`)])].join(', ')
}
