/**
 * Three questions of customers, one after the other, without keys, servers or network: `npm run demo`. On a terminal the
 * approvals are asked at the keyboard; where nobody answers, the demo does, and says so.
 */
import { rm } from 'node:fs/promises'
import path from 'node:path'
import { createMuster, defineConfig, type Principal } from 'muster'
import { followHere, outcomeOf, type StandIn, surroundings } from '../../src/cli/index.ts'
import { supportDesk } from './desk.ts'

const questions = [
  { by: 'c-1001', name: 'Ana', asks: 'Where is my refund and why was my payment declined?' },
  {
    by: 'c-1002',
    name: 'Jonas',
    asks: 'Why was my payment to Seidel Furniture charged twice?',
  },
  { by: 'c-1003', name: 'Leyla', asks: 'My card was stolen. Somebody took out cash that I do not recognise.' },
]

/** Milliseconds without a key after which the demo answers. */
const patience = 5000

const standIn: StandIn = {
  name: 'the demo',
  patience,
  speak(prompt) {
    if (prompt.kind === 'question') {
      const [first] = prompt.question.choices
      if (first === undefined) return undefined
      const words = `the demo answers for the customer: ${first.says}`
      return { answered: { kind: 'answer', question: prompt.question, choice: first.id }, words }
    }
    const { approval, people } = prompt
    const [by] = people
    if (by === undefined) return undefined
    const reason = 'looked at the account'
    return {
      answered: { kind: 'decision', approval, by, choice: 'approve', reason, edits: undefined },
      words: `the demo answers for ${by.id} (${approval.to}): approve`,
    }
  },
}

const data = path.join('.muster', 'demo')
await rm(data, { recursive: true, force: true })
const cli = surroundings({ data }, false)
const say = (...texts: readonly string[]) => cli.print(texts.map(text => [{ text, style: 'cyan' }]))
const runs: string[] = []
// Timers of a Muster do not keep the process alive, and the demo waits for nothing else.
const alive = setInterval(() => {}, 60_000)
{
  say('opening the desk: a bank with 3,200 customers, its agents, and a fraud bureau in a process of its own')
  await using desk = await supportDesk({ data })
  const { agents, interpreter, policies, domains, people } = desk
  await using muster = await createMuster(defineConfig({ agents, interpreter, policies, domains, people, data }))
  for (const { by, name, asks } of questions) {
    if (cli.leave.aborted) break
    say('', `${name} (${by}) asks: ${asks}`, '')
    const as: Principal = { id: by, kind: 'person', roles: ['customer'], tenant: 'home' }
    const run = await muster.declare({ text: asks }, { as })
    runs.push(run.id)
    const watched = await followHere(cli, muster, run, { as, standIn })
    const { lines } = await outcomeOf(cli, muster, watched, as)
    cli.print(lines)
  }
}
clearInterval(alive)

const [first = '', second = first] = runs
say(
  '',
  'where to look next:',
  `  npm run -s muster -- why ${second} --data ${data}      every bid, place and rule of Jonas's run`,
  `  npm run -s muster -- runs --data ${data}`,
  `  npm run -s muster -- audit verify --data ${data}`,
  '  npm run -s muster -- run "Why was I charged a fee?" --as c-1006 --config examples/support-desk/muster.config.ts',
  '  examples/support-desk/README.md                  who is who, and how to teach it another question',
)
