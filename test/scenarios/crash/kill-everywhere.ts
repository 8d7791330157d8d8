/** The exam of a stage: killed around every single event, it must come to the same end. */
import { beforeAll, describe, expect, it } from 'vitest'
import { broken, type Ending, runKilled } from './kill.ts'

// Receipts carry keys of their own run; what the customer reads must be the same to the letter.
const essence = ({ status, reason, outputs }: Ending) => ({
  status,
  reason,
  delivered: Object.keys(outputs).sort(),
  answer: outputs['Answer'],
})

/**
 * Kills the stage in file `stage` once for every event, in a process of its own each time, two at a time. It has as many
 * `effects` however often it is killed.
 */
export function killEverywhere(name: string, stage: string, whens: readonly ('before' | 'after')[], effects = 1): void {
  describe(`${name}, whose process is killed`, () => {
    let whole: Ending
    beforeAll(async () => {
      whole = await runKilled(stage, 'after', 0)
    }, 120_000)

    it('comes out well when nobody is killed', () => {
      expect(whole.status).toBe('succeeded')
      expect(broken(whole.events)).toEqual([])
      expect(whole.effects).toHaveLength(effects)
    })

    it.for(whens)(
      '%s any event comes to the same result, with every effect once',
      { timeout: 1_200_000 },
      async when => {
        // The first event is the acceptance: killed before it, nothing was promised.
        const seqs = whole.events.map(({ seq }) => seq)
        const one = async (seq: number) => {
          const ending = await runKilled(stage, when, seq)
          expect({ seq, ...essence(ending) }).toEqual({ seq, ...essence(whole) })
          expect({ seq, wrong: broken(ending.events), findings: ending.findings }).toEqual({
            seq,
            wrong: [],
            findings: [],
          })
          expect({ seq, effects: ending.effects.length }).toEqual({ seq, effects })
        }
        while (seqs.length > 0) await Promise.all(seqs.splice(0, 2).map(one))
      },
    )
  })
}
