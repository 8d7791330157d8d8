import { createMuster, defineConfig, defineGoal, type Muster } from 'muster'
import { describe, expect, it } from 'vitest'
import {
  eventsOf,
  goodAgents,
  makeNoteA,
  NoteA,
  payLimits,
  permitAll,
  Receipt,
  scratch,
  worker,
  world,
} from '../support/world.ts'

const goal = defineGoal({ objective: 'a note', given: { text: 'x' }, wanted: [NoteA] })
const never = () => new Promise<never>(() => {})
/** An agent that never ends and never looks at its signal; `begun` resolves when it has begun. */
function deaf() {
  const begun = Promise.withResolvers<void>()
  const agent = worker('deaf', makeNoteA, () => {
    begun.resolve()
    return never()
  })
  return { agent, begun: begun.promise }
}

describe('a Muster that is closed', () => {
  it('while an agent works ends at once, and the next one finishes the run', async () => {
    const data = scratch()
    const { agent, begun } = deaf()
    const first = await world({ agents: [agent], data })
    const { id } = await first.declare(goal)
    await begun
    await first[Symbol.asyncDispose]()
    const second = await world({ agents: goodAgents(), data })
    expect((await (await second.run(id)).result).status).toBe('succeeded')
  })

  it('tells whoever waits for a run, its events or approvals', async () => {
    const { agent, begun } = deaf()
    const muster = await world({ agents: [agent] })
    const run = await muster.declare(goal)
    await begun
    const operator = { id: 'operator', kind: 'person', roles: ['operator'], tenant: 'home' } as const
    const waiting = [
      run.result,
      run.idle(),
      eventsOf(run),
      Array.fromAsync(muster.approvals.follow(operator, new AbortController().signal)),
    ].map(one => one.then(() => 'done').catch(error => error.code))
    await muster[Symbol.asyncDispose]()
    expect(await Promise.all(waiting)).toEqual(['closed', 'closed', 'closed', 'closed'])
  })

  it('may be closed twice, and takes nothing more', async () => {
    const muster = await world({ agents: goodAgents() })
    await Promise.all([muster[Symbol.asyncDispose](), muster[Symbol.asyncDispose]()])
    await expect(muster.declare(goal)).rejects.toMatchObject({ code: 'closed' })
  })

  it('while bidding is open, a call is made or a run waits for people ends at once', async () => {
    const bidding = Promise.withResolvers<void>()
    const undecided = worker('undecided', makeNoteA, never, () => {
      bidding.resolve()
      return never()
    })
    const muster = await world({ agents: [...goodAgents().slice(1), undecided], policies: payLimits })
    const waits = await muster.declare(
      defineGoal({ objective: 'pay', given: { order: { amount: 150 } }, wanted: [Receipt] }),
    )
    expect(await waits.idle()).toBe('waiting')
    await muster.declare(goal)
    await bidding.promise
    await muster[Symbol.asyncDispose]()
  })
})

describe('a Muster that cannot start', () => {
  const put = () => {
    const away: string[] = []
    const attached = [{ [Symbol.dispose]: () => void away.push('away') }]
    return { away, attached }
  }

  it.for([
    ['policies do not fit', { policies: [{ file: 'x.cedar', text: 'permit (' }] }],
    ['the lease is no time', { lease: 'soon' }],
    ['two people have one name', { people: [{ id: 'a' }, { id: 'a' }] }],
    ['somebody calls themselves operator', { people: [{ id: 'operator' }] }],
    ['no run may be worked on', { concurrency: 0 }],
    ['two agents have one name', { agents: [...goodAgents(), ...goodAgents()] }],
  ] as const)('because %s leaves nothing open', async ([, wrong]) => {
    const { away, attached } = put()
    const data = scratch()
    const config = { agents: goodAgents(), policies: permitAll, data, attached, ...wrong }
    await expect(createMuster(config)).rejects.toMatchObject({ code: 'bad-config' })
    expect(away).toEqual(['away'])
    const muster: Muster = await world({ agents: goodAgents(), data })
    expect((await (await muster.declare(goal)).result).status).toBe('succeeded')
  })
})

describe('two Musters on one folder', () => {
  it('share the work and see the same runs', async () => {
    const data = scratch()
    const config = defineConfig({ agents: goodAgents(), policies: permitAll, data, durability: 'normal' })
    await using first = await createMuster(config)
    await using second = await createMuster(config)
    const runs = await Promise.all(Array.from({ length: 6 }, (_, n) => (n % 2 ? first : second).declare(goal)))
    for (const { id } of runs) {
      const there = await second.run(id)
      expect((await there.result).status).toBe('succeeded')
      expect((await eventsOf(there)).filter(({ type }) => type === 'step.succeeded')).toHaveLength(1)
    }
    expect((await first.runs()).length).toBe(6)
  })
})
