import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../src/agents/index.ts'
import { concept } from '../../src/core/index.ts'
import { checkGoal, parseGoal } from '../../src/intent/index.ts'

const concepts = [
  concept('Question', z.string().min(1)),
  concept('Claim', z.object({ amount: z.number().positive() })),
  concept('Answer', z.string()),
]
const tasks = [defineTask({ name: 'claim.settle', takes: {}, gives: {} })]
const known = {
  concepts,
  tasks,
  concept: (name: string) => concepts.find(one => one.name === name),
  task: (name: string) => tasks.find(one => one.name === name),
}
const checked = (goal: Record<string, unknown>) =>
  checkGoal(parseGoal({ objective: 'x', given: {}, wanted: ['Answer'], ...goal }), known)

describe('a goal', () => {
  test('may want nothing but that a task is done, by its name', async () => {
    await expect(checked({ wanted: [], perform: ['claim.settle'] })).resolves.toBeUndefined()
    await expect(checked({ wanted: [], perform: ['claim.setle'] })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('there is no task `claim.setle`, perhaps `claim.settle`'),
    })
    expect(() => parseGoal({ objective: 'x', given: {}, wanted: [] })).toThrow('must be wanted')
  })

  test('passes when every name is known, every datum valid and its success check speaks of what is there', async () => {
    const goal = {
      given: { question: 'why', claim: { amount: 12 } },
      success: 'claim.amount > 0 && size(Answer) > 0',
    }
    await expect(checked(goal)).resolves.toBeUndefined()
  })

  test('is told everything that is wrong with it at once', async () => {
    const goal = {
      given: { qestion: 'why', claim: { amount: -1 } },
      wanted: ['Anwser', 'Spaceship'],
      success: 'claim.amount >',
    }
    await expect(checked(goal)).rejects.toMatchObject({
      code: 'bad-input',
      hint: expect.any(String),
      message: expect.stringMatching(
        /`qestion`: there is no concept `Qestion`, perhaps `Question`; given `claim`: amount: .*; wanted `Anwser`: .*, perhaps `Answer`; wanted `Spaceship`: there is no concept `Spaceship`; success: .*not valid/,
      ),
    })
  })

  test('cannot judge its success by what is neither wanted nor given', async () => {
    await expect(checked({ success: 'size(answr) > 0' })).rejects.toMatchObject({
      message: 'the goal is not valid: success: `answr` is neither wanted nor given, perhaps `Answer`',
    })
  })
})
