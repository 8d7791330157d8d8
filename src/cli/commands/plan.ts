/** `muster plan`: what a goal would lead to. Nothing is done. */
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { formatUsd, MusterError, problemOf } from '../../core/index.ts'
import { originsOf } from '../../planner/index.ts'
import {
  type PlanExplanation,
  type Preview,
  type PreviewedStep,
  previewPicture,
  type TouchedData,
} from '../../runtime/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { openSession } from '../session.ts'
import { type Line, line, quoted, styled, table } from '../view/text.ts'
import { percent, short, span, spanRange, usdRange } from '../view/words.ts'
import { declarationIn } from './goal.ts'

/** What is asked of `muster plan`. */
export interface PlanOptions {
  /** The person who would declare it. */
  readonly as?: string
  /** Also say why, and what would have to be true for a better plan. */
  readonly explain?: boolean
  /** File for a drawing of the plan: SVG or Mermaid, by its ending. */
  readonly picture?: string
}

/** Plans the goal in file or text `asked`. */
export async function planGoal(cli: Cli, asked: string, options: PlanOptions): Promise<Report> {
  const draw = drawingFor(options.picture)
  const declaration = await declarationIn(asked, cli.cwd)
  // Only a text needs work: somebody must read it.
  await using session = await openSession(
    { ...cli, screen: undefined },
    { as: options.as, work: 'text' in declaration },
  )
  const preview = await session.muster.plan(declaration, { as: session.as, explain: options.explain ?? false })
  if (draw !== undefined) await draw(preview, cli.cwd)
  const drawn = options.picture === undefined ? [] : [line(), line(`drawn in ${options.picture}`)]
  return { exit: exits.done, document: preview, lines: [...previewLines(preview), ...drawn] }
}

/** Draws a preview into `file`. Throws `bad-input` at once when its ending says neither SVG nor Mermaid, or it cannot be written. */
function drawingFor(file: string | undefined): ((preview: Preview, cwd: string) => Promise<void>) | undefined {
  if (file === undefined) return undefined
  const kind = path.extname(file).toLowerCase()
  if (kind !== '.svg' && kind !== '.mmd')
    throw new MusterError('bad-input', `\`${file}\` is no name for a picture`, { hint: 'end it in `.svg` or `.mmd`' })
  return async (preview, cwd) => {
    try {
      await writeFile(path.resolve(cwd, file), kind === '.svg' ? previewPicture(preview) : preview.picture)
    } catch (cause) {
      throw new MusterError('bad-input', `\`${file}\` cannot be written: ${problemOf(cause).message}`, {
        hint: 'name a file in a folder that is there',
        cause,
      })
    }
  }
}

function previewLines(preview: Preview): readonly Line[] {
  const { forecast, steps, data, approvals, explanation, plan } = preview
  const { cost, time, risk, coverage, width, criticalPath } = forecast
  const titles = ['step', 'does', 'effect', 'by', 'at', 'price', 'time', 'risk', 'needs'].map(title =>
    line(styled('dim', title)),
  )
  const often = `${Math.round(coverage * 10)} times in 10`
  return [
    ...table([titles, ...steps.map(step => rowOf(step, needsOf(plan, step.step)))]),
    line(),
    line(`cost ${formatUsd(cost.likely)}, ${often} ${usdRange(cost)}`),
    line(`time ${span(time.likely)}, ${often} ${spanRange(time)}; waiting for people comes on top`),
    line(`risk ${percent(risk)} that some step fails`),
    line(`slowest chain ${criticalPath.join(' → ')}; at most ${width} at once`),
    ...drafterLines(preview),
    ...steps.flatMap(conditionLine),
    ...data.flatMap(dataLines),
    ...approvals.map(approval => approvalLine('the plan', approval)),
    ...steps.flatMap(({ step, approvals: asked }) => asked.map(approval => approvalLine(step, approval))),
    ...(explanation === undefined ? [] : [line(), ...explanationLines(explanation)]),
  ]
}

function drafterLines({ drafter }: Preview): readonly Line[] {
  if (drafter === undefined) return []
  const often = drafter.rounds === 1 ? 'once' : `${drafter.rounds} times`
  const asked = styled('cyan', short(drafter.capability))
  return [line('composed; in a run ', asked, ` is asked for a plan first, ${often} at most, at its price`)]
}

function explanationLines({ why, suppositions }: PlanExplanation): readonly Line[] {
  return [
    ...why.flatMap(({ step, for: purposes, instead }) => [
      line(`${step} is there because `, ...quoted(purposes.join(', '))),
      ...instead.map(({ capability, because }) => line(`  not ${short(capability)}: `, ...quoted(because))),
    ]),
    line(),
    ...(suppositions.length === 0
      ? [line('nothing was found that would make it shorter or cheaper')]
      : suppositions.map(({ words }) => line(...quoted(words)))),
  ]
}

function rowOf(step: PreviewedStep, needs: string): readonly Line[] {
  const { agent, others } = step
  const by = agent === undefined ? [styled('red', 'nobody offers')] : [agent, orOthers(others)]
  return [
    line(step.step),
    line(short(step.capability)),
    line(step.effect),
    line(...by),
    line(step.place),
    line(usdRange(step.cost)),
    line(spanRange(step.time)),
    line(percent(step.risk)),
    line(styled('dim', needs)),
  ]
}

function orOthers(others: readonly string[]) {
  return others.length === 0 ? undefined : styled('dim', ` or ${others.join(', ')}`)
}

function conditionLine({ step, runs }: PreviewedStep): readonly Line[] {
  return runs < 1 ? [line(`${step} has a condition before it: ${percent(runs)} that it runs`)] : []
}

function dataLines({ concept, sensitivity, steps, domains, denied }: TouchedData): readonly Line[] {
  return [
    line(styled('dim', `${concept} (${sensitivity}) is seen by ${steps.join(', ')}; agents of ${domains.join(', ')}`)),
    ...denied.map(step => line(styled('red', `${step} may not see ${sensitivity} data and would be denied`))),
  ]
}

function approvalLine(what: string, { to, quorum, text }: Preview['approvals'][number]): Line {
  return line(`${what} may wait for `, styled('yellow', quorum === 1 ? to : `${quorum} of ${to}`), `: ${text}`)
}

function needsOf({ steps }: Preview['plan'], id: string): string {
  const step = steps.find(one => one.id === id)
  const sources = [...Object.values(step?.inputs ?? {}), ...Object.values(step?.when?.over ?? {})].flatMap(originsOf)
  const needs = sources.map(source => (source.from === 'given' ? source.name : source.step))
  return [...new Set([...needs, ...(step?.unless ?? []).map(other => `no ${other}`)])].join(', ')
}
