/** Runs a stage in processes that are killed, and judges what is left. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { RunEvent } from 'muster'

const run = promisify(execFile)
const child = path.join(import.meta.dirname, 'child.ts')

/** What the last process printed. */
export interface Ending {
  readonly status: string
  readonly reason: string
  readonly outputs: Readonly<Record<string, unknown>>
  readonly events: readonly RunEvent[]
  readonly findings: readonly unknown[]
  /** What was done to the world. */
  readonly effects: readonly string[]
}

/** Lets a process be killed around event `seq`, then a second one finish; with `seq` 0 nobody is killed. */
export async function runKilled(stage: string, when: 'before' | 'after', seq: number): Promise<Ending> {
  const folder = await mkdtemp(path.join(tmpdir(), 'muster-kill-'))
  try {
    if (seq > 0) await start(stage, folder, when, seq, 'SIGKILL')
    const printed = await start(stage, folder, 'after', 0)
    return JSON.parse(printed)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function start(stage: string, folder: string, when: string, seq: number, signal?: string): Promise<string> {
  try {
    const { stdout } = await run(process.execPath, [child, stage, folder, when, String(seq)], {
      maxBuffer: 1 << 26,
      timeout: 120_000,
    })
    if (signal !== undefined) throw new Error(`the process was to be killed ${when} event ${seq} and was not`)
    return stdout
  } catch (error) {
    if (signal !== undefined && error instanceof Error && 'signal' in error && error.signal === signal) return ''
    throw new Error(`killed ${when} event ${seq}: ${error instanceof Error ? error.message : 'not an error'}`, {
      cause: error,
    })
  }
}

const isPlanned = (step: string) => (event: RunEvent) =>
  event.type === 'plan.adopted' && event.plan.steps.some(({ id }) => id === step)

/** Everything that must hold of a run, however often it was interrupted; empty when all does. */
export function broken(events: readonly RunEvent[]): readonly string[] {
  const wrong: string[] = []
  const succeeded = new Set<string>()
  let permitted = new Set<string>()
  let planPermitted = false
  const adopted = events.flatMap(event => (event.type === 'plan.adopted' ? event.plan.steps : []))
  const loops = new Set(adopted.flatMap(({ id, each }) => (each ? [id] : [])))
  for (const event of events) {
    // A revision runs under the ruling on the plan before only when it says that this still stands.
    if (event.type === 'plan.adopted') planPermitted &&= event.revised?.review.kind === 'stands'
    if (event.type === 'plan.ruled') planPermitted = event.ruling.decision === 'permit'
    if (event.type === 'step.assigned' && events.some(isPlanned(event.step)) && !planPermitted)
      wrong.push(`${event.step} was assigned before its plan was permitted`)
    if (event.type === 'run.claimed') permitted = new Set()
    if (event.type === 'step.ruled' && event.ruling.decision === 'permit')
      permitted.add(`${event.step} ${event.ruling.phase}`)
    if (event.type === 'step.assigned') {
      if (!permitted.has(`${event.step} before`)) wrong.push(`${event.step} was assigned without a ruling`)
      if (succeeded.has(event.step)) wrong.push(`${event.step} ran again after it had succeeded`)
      permitted.delete(`${event.step} before`)
    }
    if (event.type === 'step.succeeded') {
      // What a loop gives is what its items gave, each under its own ruling.
      if (!loops.has(event.step) && !permitted.has(`${event.step} after`))
        wrong.push(`${event.step} let its outputs out without a ruling`)
      if (succeeded.has(event.step)) wrong.push(`${event.step} succeeded twice`)
      succeeded.add(event.step)
    }
  }
  events.forEach((event, index) => {
    if (event.seq !== index + 1) wrong.push(`event ${index + 1} has number ${event.seq}`)
  })
  return wrong
}
