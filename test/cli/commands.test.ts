import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { fixture, muster, openDesk } from './command.ts'

const answer = fixture('desk/answer.json')
const pay = fixture('desk/pay.json')
const payMuch = fixture('desk/pay-much.json')

describe('muster run', () => {
  it('shows a run in lines without escape sequences where there is no terminal, with answer, table and where to look next', async () => {
    const { muster } = openDesk()
    const { code, stdout, stderr } = await muster('run', answer)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^run-\w{26} declared by operator: Answer a customer\n/)
    expect(stdout).toContain('plan 1: 2 steps, about $0.001')
    expect(stdout).toContain('s2 bids: * writer $0.001, 50 ms, sure 95 %, score')
    expect(stdout).toContain('; slow-writer $0.00, 900 ms, sure 30 %')
    expect(stdout).toContain('s2 goes to writer at local/cpu: the only place that fits')
    expect(stdout).toContain('s2 result permitted by work: the desk may do its work')
    expect(stdout).toContain('\nAnswer\nYou asked: Where is my refund?\n')
    expect(stdout).toMatch(/\ns2 +answer\.write +writer +local\/cpu +\$0\.001 +\d+ ms +work\n/)
    expect(stdout).toMatch(/why: muster why run-\w{26} --config \S+ --data \S+\n$/)
    expect(stdout).not.toContain('\u001b')
  })

  it('exits 1 when a rule forbids what is wanted, with the words of the rule', async () => {
    const { json } = openDesk()
    const { code, document } = await json('run', payMuch)
    expect(code).toBe(1)
    expect(document.status).toBe('denied')
    expect(document.reason).toContain('more than 1000 is never paid')
  })

  it('exits 3 when people must approve, says how, and goes on to the end when somebody has', async () => {
    const desk = openDesk()
    const waiting = await desk.json('run', pay)
    expect(waiting).toMatchObject({ code: 3, document: { status: 'waiting', approvals: [{ to: 'finance' }] } })
    const [approval] = waiting.document.approvals

    const words = ['approvals', 'approve', approval.id, '--as', 'maria', '--reason', 'checked the order']
    const approved = await desk.json(...words)
    expect(approved).toMatchObject({
      code: 0,
      document: { run: waiting.document.run, status: 'succeeded', outputs: { Receipt: { amount: 150 } } },
    })
    const again = await desk.json(...words)
    expect(again).toMatchObject({ code: 2, document: { error: { code: 'conflict', hint: 'read it again' } } })
  })

  it('names in its lines the command that answers, with who may', async () => {
    const { muster } = openDesk()
    const { code, stdout } = await muster('run', pay)
    expect(code).toBe(3)
    expect(stdout).toMatch(/answer: muster approvals approve approval-\w{26} --as maria --reason "…" .*\(or as felix\)/)
  })

  it('leaves the run to others with --no-wait, and goes on with it by its id', async () => {
    const desk = openDesk()
    const { document } = await desk.json('run', pay)
    const id = document.approvals[0].id
    const left = await desk.json('approvals', 'approve', id, '--as', 'felix', '--reason', 'fine', '--no-wait')
    expect(left).toMatchObject({ code: 0, document: { approval: { outcome: { status: 'approved' } } } })
    expect(await desk.json('run', document.run)).toMatchObject({ code: 0, document: { status: 'succeeded' } })
  })

  it('ends as denied when somebody rejects', async () => {
    const desk = openDesk()
    const { document } = await desk.json('run', pay)
    const id = document.approvals[0].id
    const rejected = await desk.json('approvals', 'reject', id, '--as', 'maria', '--reason', 'not ours')
    expect(rejected).toMatchObject({ code: 1, document: { status: 'denied' } })
    expect(rejected.document.reason).toContain('not ours')
  })

  it('runs with the inputs that a person has edited, and asks about them anew', async () => {
    const desk = openDesk()
    const { document } = await desk.json('run', pay)
    const id = document.approvals[0].id
    const edits = '{"order":{"amount":90}}'
    const edited = await desk.json('approvals', 'edit', id, '--as', 'maria', '--reason', 'too much', '--edits', edits)
    expect(edited).toMatchObject({ code: 0, document: { outputs: { Receipt: { amount: 90 } } } })
  })

  it('asks the one who asked when a text is unclear, and takes the answer by its id', async () => {
    const desk = openDesk()
    const asking = await desk.json('run', 'Is it perhaps my card?')
    expect(asking).toMatchObject({ code: 3, document: { status: 'asking', question: { id: 'part-1' } } })
    const wrong = await desk.json('run', asking.document.run, '--answer', 'money')
    expect(wrong).toMatchObject({ code: 2, document: { error: { code: 'bad-input' } } })
    expect(wrong.document.error.hint).toContain('`topics`')
    const answered = await desk.json('run', asking.document.run, '--answer', 'topics')
    expect(answered).toMatchObject({ code: 0, document: { outputs: { Topics: ['card'] } } })
  })
})

describe('looking', () => {
  it('lists and explains what happened from the store alone, without a configuration', async () => {
    const desk = openDesk()
    const { document } = await desk.json('run', answer)
    const alone = (...words: readonly string[]) => muster([...words, '--data', desk.data])

    const runs = JSON.parse((await alone('runs', '--json')).stdout)
    expect(runs).toMatchObject({ runs: [{ run: document.run, status: 'succeeded', objective: 'Answer a customer' }] })
    const why = await alone('why', document.run)
    expect(why.code).toBe(0)
    expect(why.stdout).toMatch(/writer scored 0\.\d+: cost/)
    const step = JSON.parse((await alone('why', document.run, 's2', '--json')).stdout)
    expect(step).toMatchObject({ step: 's2', attempts: [{ agent: 'writer', candidates: [{}, {}] }] })
    expect(JSON.parse((await alone('approvals', '--json')).stdout)).toEqual({ approvals: [] })
  })

  it('plans without doing anything', async () => {
    const desk = openDesk()
    const { code, document } = await desk.json('plan', answer)
    expect(code).toBe(0)
    expect(document.steps).toMatchObject([
      { step: 's1', agent: 'desk', place: 'local/cpu' },
      { step: 's2', agent: 'writer', asked: { price: 1000, time: 50 } },
    ])
    expect(document.data).toMatchObject([
      { concept: 'Question', sensitivity: 'internal', steps: ['s1', 's2'], domains: ['home'], denied: [] },
      { concept: 'Topics', steps: ['s2'] },
    ])
    expect(await desk.size()).toMatchObject({ runs: 0, events: 0 })
  })

  it('draws a plan into a file, as SVG or Mermaid by its ending, and refuses others before it does anything', async () => {
    const desk = openDesk()
    const file = path.join(desk.data, 'plan.svg')
    expect((await desk.muster('plan', pay, '--picture', file)).stdout).toContain(`drawn in ${file}`)
    const svg = await readFile(file, 'utf8')
    expect(svg).toContain('>by payer<')
    expect(svg).toContain('>may ask finance<')
    const mermaid = path.join(desk.data, 'plan.mmd')
    await desk.muster('plan', pay, '--picture', mermaid)
    expect(await readFile(mermaid, 'utf8')).toMatch(/^flowchart LR/)
    const wrong = await desk.json('plan', pay, '--picture', 'plan.png')
    expect(wrong).toMatchObject({ code: 2, document: { error: { code: 'bad-input' } } })
    const nowhere = await desk.json('plan', pay, '--picture', path.join(desk.data, 'none', 'plan.svg'))
    expect(nowhere).toMatchObject({ code: 2, document: { error: { code: 'bad-input' } } })
  })

  it('explains a plan when asked: why these steps, and what would make it shorter', async () => {
    const desk = openDesk()
    const { stdout } = await desk.muster('plan', answer, '--explain')
    expect(stdout).toContain('s1 is there because s2 takes it as topics')
    expect(stdout).toContain('if Topics were given, s1 would fall away: 50 ms and 1 step less')
    const { document } = await desk.json('plan', answer, '--explain')
    expect(document.explanation).toMatchObject({
      why: [{ step: 's1' }, { step: 's2' }],
      suppositions: [{ supposed: [{ kind: 'given', concept: 'Topics' }], without: ['s1'], saves: { steps: 1 } }],
    })
    expect((await desk.json('plan', answer)).document.explanation).toBeUndefined()
  })

  it('says what would have to be given when there is no plan', async () => {
    const desk = openDesk()
    const file = path.join(desk.data, 'goal.json')
    await writeFile(file, JSON.stringify({ objective: 'x', given: { topics: [] }, wanted: ['Receipt'] }))
    const { code, document } = await desk.json('plan', file)
    expect(code).toBe(1)
    expect(document.error).toMatchObject({ code: 'no-plan' })
    expect(document.error.hint).toContain('there would be a plan if `Order` were given')
  })

  it('learns from what came of a forecast, and shows both, also in a later process', async () => {
    const desk = openDesk()
    const before = await desk.json('plan', answer)
    const { document } = await desk.json('run', answer)
    const { document: why } = await desk.json('why', document.run)
    expect(why.outturn).toMatchObject({
      cost: { actual: 1000, within: true },
      steps: [{ end: 'succeeded' }, { end: 'succeeded', charged: 1000, forecast: { asked: { price: 1000 } } }],
    })
    const words = await desk.muster('why', document.run)
    expect(words.stdout).toMatch(/forecast against actual.*\n.*the plan: \$0\.001, within \$0\.001;/)
    const { document: agents } = await desk.json('agents')
    expect(agents.forecasts['answer.write@1']).toMatchObject({ succeeded: 1, within: { cost: 1 } })
    expect((await desk.muster('agents')).stdout).toContain('answer.write  expected $0.001 and ')
    const after = await desk.json('plan', answer)
    expect(after.document.forecast.time.low).toBeLessThan(before.document.forecast.time.low)
  })

  it('plans with the people who may have to approve', async () => {
    const { code, stdout } = await openDesk().muster('plan', pay)
    expect(code).toBe(0)
    expect(stdout).toContain('s1 may wait for finance: more than 100 needs finance')
  })

  it('lists agents and nodes', async () => {
    const desk = openDesk()
    const agents = await desk.json('agents')
    expect(agents.document.agents.map(({ id }: { id: string }) => id)).toEqual([
      'desk',
      'payer',
      'slow-writer',
      'writer',
    ])
    const nodes = await desk.json('nodes')
    expect(nodes.document.nodes).toMatchObject([{ id: 'local', state: 'ready', devices: [{ id: 'cpu' }] }])
  })

  it('examines the machine and never shows a key', async () => {
    const desk = openDesk()
    const { code, stdout } = await desk.muster('doctor', '--json')
    expect(code).toBe(0)
    expect(stdout).not.toContain('sk-secret')
    expect(JSON.parse(stdout).checks).toContainEqual({ name: 'OPENAI_API_KEY', state: 'ok', says: 'set' })
    const broken = await muster(['doctor', '--config', fixture('throws.config.mjs')])
    expect(broken.code).toBe(1)
    expect(broken.stdout).toContain('the bank is closed')
  })

  it('finds a byte that was flipped in a store, offline, and names what is damaged', async () => {
    const desk = openDesk()
    await desk.muster('run', answer)
    const verify = () => muster(['audit', 'verify', '--data', desk.data])
    expect(await verify()).toMatchObject({ code: 0, stderr: '' })

    await flipByte(path.join(desk.data, 'muster.db'), 'Answer a customer')
    const { code, stdout } = await verify()
    expect(code).toBe(1)
    expect(stdout).toMatch(/damaged +event `run-\w{26}\/1`: its checksum does not match/)
    expect(stdout).toContain('its hash does not match')
  })

  it('takes a store that cannot be opened or read to its end for a finding', async () => {
    const desk = openDesk()
    await desk.muster('run', answer)
    const file = path.join(desk.data, 'muster.db')
    const whole = await readFile(file)
    for (const from of [0, 8192]) {
      await writeFile(file, Buffer.from(whole).fill(0x58, from, from + 4096))
      const { code, stdout } = await muster(['audit', 'verify', '--data', desk.data])
      expect(code).toBe(1)
      expect(stdout).toMatch(/^damaged /)
    }
  })
})

/** Changes one byte of `words` wherever they lie in the file. */
async function flipByte(file: string, words: string): Promise<void> {
  const bytes = await readFile(file)
  expect(bytes.includes(words)).toBe(true)
  for (let at = bytes.indexOf(words); at >= 0; at = bytes.indexOf(words)) bytes.write('a', at)
  await writeFile(file, bytes)
}
