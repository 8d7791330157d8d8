import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { drawSvg, type Plan, sealPlan } from '../../src/planner/index.ts'

/** A plan of any shape: each step takes what is given, and data of earlier steps or waits for them. */
const anyPlan: fc.Arbitrary<Plan> = fc
  .array(
    fc.record({
      takes: fc.array(fc.nat(15), { maxLength: 4 }),
      waits: fc.array(fc.nat(15), { maxLength: 2 }),
      name: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    }),
    { maxLength: 16 },
  )
  .map(shapes => {
    const steps = shapes.map(({ takes, waits, name }, at) => {
      const earlier = (places: readonly number[]) => [...new Set(places.filter(place => place < at))]
      const made = earlier(takes).map(
        place => [`p${place}`, { from: 'step', step: `s${place + 1}`, output: 'x' }] as const,
      )
      return {
        id: `s${at + 1}`,
        capability: name,
        inputs: Object.fromEntries([...made, ['given', { from: 'given' as const, name: `g${at % 3}` }]]),
        after: earlier(waits)
          .filter(place => !takes.includes(place))
          .map(place => `s${place + 1}`),
      }
    })
    const last = steps.at(-1)
    return sealPlan(steps, last ? { End: { from: 'step', step: last.id, output: 'x' } } : {})
  })

interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

function rectanglesOf(svg: string): readonly Rectangle[] {
  const numbers = /<rect x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)"/g
  return [...svg.matchAll(numbers)].map(([, x, y, width, height]) => {
    return { x: Number(x), y: Number(y), width: Number(width), height: Number(height) }
  })
}

function overlap(a: Rectangle, b: Rectangle): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height
}

/** Whether every element that begins also ends, in order. */
function isNested(svg: string): boolean {
  const open: string[] = []
  for (const [, end, name, alone] of svg.matchAll(/<(\/?)([a-z]+)[^>]*?(\/?)>/g)) {
    if (alone === '/') continue
    if (end === '') open.push(name ?? '')
    else if (open.pop() !== name) return false
  }
  return open.length === 0
}

describe('a drawing', () => {
  test('shows every step once, in boxes that do not touch and lie within its frame', () => {
    fc.assert(
      fc.property(anyPlan, plan => {
        const svg = drawSvg(plan, 'A plan')
        const boxes = rectanglesOf(svg)
        const given = new Set(plan.steps.map((_, at) => at % 3)).size
        expect(boxes).toHaveLength(plan.steps.length + given + Object.keys(plan.wanted).length)
        for (const [at, box] of boxes.entries())
          expect(boxes.slice(at + 1).filter(other => overlap(box, other))).toEqual([])
        const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []
        for (const { x, y, width: w, height: h } of boxes) {
          expect(Math.min(x, y)).toBeGreaterThanOrEqual(0)
          expect(x + w).toBeLessThanOrEqual(Number(width))
          expect(y + h).toBeLessThanOrEqual(Number(height))
        }
      }),
      { numRuns: 200 },
    )
  })

  test('is the same for the same plan, and whatever names hold, it stays one well-formed drawing', () => {
    fc.assert(
      fc.property(anyPlan, fc.string({ unit: 'binary' }), (plan, text) => {
        const note = () => ({ lines: [text], approvals: [text] })
        const svg = drawSvg(plan, text, note)
        expect(drawSvg(plan, text, note)).toBe(svg)
        expect(isNested(svg)).toBe(true)
        expect(svg).not.toMatch(/[^\P{Cc}\n]/u)
      }),
      { numRuns: 200 },
    )
  })

  test('holds nothing that could run, and says in words what it shows', () => {
    const evil = `"><script>alert('1')</script>&`
    const plan = sealPlan(
      [{ id: 's1', capability: evil, inputs: { [evil]: { from: 'given', name: evil } }, after: [] }],
      {
        End: { from: 'step', step: 's1', output: 'x' },
      },
    )
    const svg = drawSvg(plan, evil, () => ({ lines: ['by payer'], approvals: ['2 of finance'] }))
    expect(svg).not.toMatch(/<script|onload|href|url\((?!#)/)
    expect(svg).toMatch(/role="img" aria-labelledby="title-\w+ desc-\w+"/)
    expect(svg).toMatch(/<desc [^>]*>s1: [^<]*by payer, may ask 2 of finance\. wanted: End\.<\/desc>/)
  })

  test('dashes the arrow of a step that only waits, and lays a line that leads to several only once', () => {
    const from = (step: string) => ({ from: 'step', step, output: 'x' }) as const
    const chain = ['s2', 's3', 's4'].map((id, at) => ({
      id,
      capability: 'work@1',
      inputs: { before: from(`s${at + 1}`), ...(at > 0 ? { first: from('s1') } : {}) },
      after: at === 2 ? ['s2'] : [],
    }))
    const plan = sealPlan([{ id: 's1', capability: 'work@1', inputs: {}, after: [] }, ...chain], { End: from('s4') })
    const svg = drawSvg(plan, 'A plan')
    expect(svg.match(/class="arrow order"/g)).toHaveLength(1)
    expect(svg.match(/<path class="arrow/g)).toHaveLength(7)
    // The way from s1 past s2 to s3 is laid once, and goes on from there to s4.
    const starts = [...svg.matchAll(/<path class="arrow"[^>]*d="M([\d.]+ [\d.]+)/g)].map(([, start]) => start)
    expect(new Set(starts).size).toBe(starts.length - 1)
  })
})
