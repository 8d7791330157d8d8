/**
 * A plan as an SVG drawing, from left to right: what is given, the steps, what is wanted. A dashed arrow means only that
 * one step waits for another. It stands alone: light or dark as its reader likes, no script, nothing fetched.
 */
import type { Plan, Step } from '../plan.ts'
import { type Arrangement, arrangeBoxes } from './arrange.ts'
import { type Arrow, type Box, graphOf } from './graph.ts'
import { style } from './style.ts'

/** What is written on a step, besides its capability. */
export interface StepNote {
  /** Such as who would do it, and for how much. */
  readonly lines: readonly string[]
  /** Who may have to approve it. */
  readonly approvals?: readonly string[]
  /** Whether the plan ends later when it does. */
  readonly critical?: boolean
}

/** What a box shows, in its place. */
interface Drawn {
  readonly box: Box
  readonly lines: readonly { readonly text: string; readonly style: string }[]
  readonly note: StepNote | undefined
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

const lineHeight = 17
// From the middle of a line down to where its letters stand.
const baseline = 4
const characterWidth = 7.2
const padding = 12
const margin = 24
const columnGap = 64
// More than nearly every name has; the whole text is in the tooltip.
const mostCharacters = 34

/** Draws `plan` under `title`; `noteOf` says what is written on a step. The same plan, the same drawing. */
export function drawSvg(
  plan: Plan,
  title: string,
  noteOf: (step: string) => StepNote | undefined = () => undefined,
): string {
  const { boxes, lines, width, height } = layOut(plan, noteOf)
  const mark = plan.digest.slice(-12)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title-${mark} desc-${mark}">`,
    `<title id="title-${mark}">${escape(title)}</title>`,
    `<desc id="desc-${mark}">${escape(describe(plan, noteOf))}</desc>`,
    `<style>${style}</style>`,
    `<defs><marker id="head-${mark}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path class="head" d="M0 0.5 8 4 0 7.5z"/></marker></defs>`,
    `<rect class="back" width="100%" height="100%"/>`,
    ...lines.map(({ arrow, passed }) => drawArrow(arrow, passed, mark)),
    ...boxes.map(drawBox),
    '</svg>',
    '',
  ].join('\n')
}

interface Layout {
  readonly boxes: readonly Drawn[]
  readonly lines: readonly { readonly arrow: Arrow; readonly passed: readonly Passed[] }[]
  readonly width: number
  readonly height: number
}

/** Where everything stands, in pixels: every column is as wide as its widest box. */
function layOut(plan: Plan, noteOf: (step: string) => StepNote | undefined): Layout {
  const { boxes, arrows } = graphOf(plan)
  const steps = new Map(plan.steps.map(step => [step.id, step]))
  const contents = new Map(
    boxes.map(box => {
      const note = box.kind === 'step' ? noteOf(box.name) : undefined
      return [box.key, { note, lines: linesOf(box, steps.get(box.name), note) }]
    }),
  )
  const heightOf = ({ key }: Box) => (contents.get(key)?.lines.length ?? 1) * lineHeight + padding
  const { columns, middles, ways } = arrangeBoxes(boxes, arrows, heightOf)
  const spots = new Map<string, Passed>()
  const drawn: Drawn[] = []
  let left = margin
  for (const column of columns) {
    const longest = column.flatMap(({ key }) => contents.get(key)?.lines.map(({ text }) => text.length) ?? [])
    const width = Math.max(0, ...longest) * characterWidth + 2 * padding
    for (const { key, box, height } of column) {
      const middle = margin + (middles.get(key) ?? 0)
      const { lines = [], note } = contents.get(key) ?? {}
      spots.set(key, { left, right: left + width, y: middle })
      if (box) drawn.push({ box, lines, note, x: left, y: middle - height / 2, width, height })
    }
    left += width + columnGap
  }
  const bottom = Math.max(margin, ...drawn.map(({ y, height }) => y + height))
  return {
    boxes: drawn,
    lines: withoutRepeats(ways).map(({ arrow, spots: passed }) => {
      return { arrow, passed: passed.flatMap(key => spots.get(key) ?? []) }
    }),
    width: Math.ceil(Math.max(left - columnGap, margin) + margin),
    height: Math.ceil(bottom + margin),
  }
}

/** Where arrows share a line, only the first of them draws it. */
function withoutRepeats(ways: Arrangement['ways']): Arrangement['ways'] {
  const reached = new Set<string>()
  return ways.map(({ arrow, spots }) => {
    const from = spots.findLastIndex(spot => reached.has(spot))
    for (const spot of spots.slice(1, -1)) reached.add(spot)
    return { arrow, spots: spots.slice(Math.max(0, from)) }
  })
}

function linesOf({ kind, name }: Box, step: Step | undefined, note: StepNote | undefined): Drawn['lines'] {
  if (kind !== 'step' || step === undefined) return [{ text: cut(name), style: 'name' }]
  return [
    { text: cut(`${name}  ${step.capability.replace(/@1$/, '')}`), style: 'name' },
    ...conditionsOf(step).map(text => ({ text: cut(text), style: 'note' })),
    ...(note?.lines ?? []).map(text => ({ text: cut(text), style: 'note' })),
    ...(note?.approvals ?? []).map(who => ({ text: cut(`may ask ${who}`), style: 'ask' })),
  ]
}

/** When it runs, and how often. */
function conditionsOf({ when, unless, each }: Step): readonly string[] {
  return [
    ...(when === undefined ? [] : [`if ${when.condition}`]),
    ...(unless === undefined ? [] : [`unless ${unless.join(', ')}`]),
    ...(each === undefined ? [] : [`for each ${each.port}, at most ${each.most}`]),
  ]
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })

function cut(text: string): string {
  const characters = [...graphemes.segment(text)].map(({ segment }) => segment)
  return characters.length <= mostCharacters ? text : `${characters.slice(0, mostCharacters - 1).join('')}…`
}

function drawBox({ box, lines, note, x, y, width, height }: Drawn): string {
  const classes = [
    'box',
    box.kind,
    ...(note?.approvals?.length ? ['asks'] : []),
    ...(note?.critical ? ['critical'] : []),
  ]
  const round = box.kind === 'step' ? 6 : height / 2
  const texts = lines.map(({ text, style: look }, at) => {
    const down = y + padding / 2 + (at + 0.5) * lineHeight + baseline
    const place = box.kind === 'step' ? x + padding : x + width / 2
    return `<text class="${look}" x="${one(place)}" y="${one(down)}">${escape(text)}</text>`
  })
  return [
    `<g class="${classes.join(' ')}"><title>${escape([box.name, ...(note?.lines ?? [])].join(', '))}</title>`,
    `<rect x="${one(x)}" y="${one(y)}" width="${one(width)}" height="${one(height)}" rx="${one(round)}"/>`,
    ...texts,
    '</g>',
  ].join('')
}

interface Passed {
  readonly left: number
  readonly right: number
  readonly y: number
}

/** Straight across columns, curved between them. */
function drawArrow({ ports }: Arrow, passed: readonly Passed[], mark: string): string {
  const [first, ...rest] = passed
  if (first === undefined) return ''
  const path = [`M${one(first.right)} ${one(first.y)}`]
  let from = first
  for (const [at, to] of rest.entries()) {
    const middle = one((from.right + to.left) / 2)
    path.push(`C${middle} ${one(from.y)} ${middle} ${one(to.y)} ${one(to.left)} ${one(to.y)}`)
    if (at < rest.length - 1) path.push(`H${one(to.right)}`)
    from = to
  }
  const tip = ports.length === 0 ? 'waits for it' : ports.join(', ')
  const look = ports.length === 0 ? 'arrow order' : 'arrow'
  return `<path class="${look}" marker-end="url(#head-${mark})" d="${path.join('')}"><title>${escape(tip)}</title></path>`
}

/** The plan in words, for those who hear it. */
function describe({ steps, wanted }: Plan, noteOf: (step: string) => StepNote | undefined): string {
  const said = steps.map(step => {
    const { lines = [], approvals = [] } = noteOf(step.id) ?? {}
    return [
      `${step.id}: ${step.capability}`,
      ...conditionsOf(step),
      ...lines,
      ...approvals.map(who => `may ask ${who}`),
    ].join(', ')
  })
  return `${[...said, `wanted: ${Object.keys(wanted).join(', ')}`].join('. ')}.`
}

function one(value: number): string {
  return String(Math.round(value * 10) / 10)
}

// XML knows no other control characters, not even escaped.
function escape(text: string): string {
  return text
    .replaceAll(/[^\P{C}\p{Cf}]|[\ufffe\uffff]/gu, ' ')
    .replaceAll(/[&<>"']/g, character => `&#${character.charCodeAt(0)};`)
}
