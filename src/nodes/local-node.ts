/**
 * The node in this process.
 *
 * 1. Its no is final: it takes a job only when it is open, hosts the agent, has the device and is below its limit of jobs.
 * 2. Every job ends by its deadline, also when the agent never does.
 * 3. Models run in worker threads; this thread only waits.
 */
import type { Agent, WorkContext } from '../agents/index.ts'
import { type Clock, MusterError, type Resources, withDeadline } from '../core/index.ts'
import { detectHardware } from './models/devices.ts'
import { Residency } from './models/residency.ts'
import type { Device, NodeView } from './node.ts'
import { createTelemetry, machineCapacity } from './telemetry.ts'

/** One attempt of a step: what is to be done, by which agent, on which device, and what the work is told. */
export interface Job extends Omit<WorkContext, 'signal' | 'clock' | 'infer'> {
  /** The agent's id. */
  readonly agent: string
  /** The name of the capability. */
  readonly capability: string
  /** The device on which its models run, such as `cpu`. */
  readonly device: string
  /** The values that go in, by port. */
  readonly input: Readonly<Record<string, unknown>>
}

/** A node as the runtime sees it. */
export interface LocalNode extends AsyncDisposable {
  readonly id: string
  /** How it stands now. */
  view(): NodeView
  /**
   * Does a job and gives what the agent gave, unchecked. Rejects with `over-capacity` when the node does not take it,
   * `not-found` when it has no such agent or device, `deadline-passed`, `cancelled` when `signal` aborts, `closed` when
   * the node is closed, `agent-failed` when the agent throws; a `MusterError` of the agent passes as it is.
   */
  work(job: Job, signal: AbortSignal): Promise<unknown>
}

/** What a local node is opened with. */
export interface LocalNodeOptions {
  /** Default: `local`. */
  readonly id?: string
  /** Who owns it. Default: `home`. */
  readonly domain?: string
  readonly agents: readonly Agent[]
  readonly clock: Clock
  /** What it lends; kinds that are not named are lent whole. */
  readonly lend?: Resources
  /** Jobs that it does at once; at least 1. Default: 256. */
  readonly maxJobs?: number
  /** Milliseconds after which a model without work is unloaded. Default: ten minutes. */
  readonly idleMs?: number
}

/** Opens the node of this process: looks at the hardware (once a process), loads nothing. Throws `bad-config`. */
export async function openLocalNode(options: LocalNodeOptions): Promise<LocalNode> {
  const { id = 'local', domain = 'home', clock, maxJobs = 256, idleMs = 600_000 } = options
  if (!Number.isInteger(maxJobs) || maxJobs < 1) {
    throw new MusterError('bad-config', `\`maxJobs\` of node \`${id}\` is \`${maxJobs}\``, {
      hint: 'give a whole number of at least 1',
    })
  }
  const agents = new Map(options.agents.map(agent => [agent.id, agent]))
  const { devices, vram } = await detectHardware()
  const gpu = devices.filter(device => device.kind === 'gpu' && !device.simulated).length
  const capacity: Resources = { ...machineCapacity(), ...(gpu > 0 ? { gpu, vram } : {}), ...options.lend }
  const residency = new Residency({ clock, capacity, idleMs })
  const measure = createTelemetry(clock)
  const closing = new AbortController()
  let jobs = 0

  function admit(job: Job): { readonly agent: Agent; readonly device: Device } {
    closing.signal.throwIfAborted()
    const agent = agents.get(job.agent)
    const device = devices.find(device => device.id === job.device)
    if (!agent || !device) {
      const what = agent ? `has no device \`${job.device}\`` : `does not run agent \`${job.agent}\``
      throw new MusterError('not-found', `node \`${id}\` ${what}`, { hint: 'place the step anew' })
    }
    if (jobs >= maxJobs) {
      throw new MusterError('over-capacity', `node \`${id}\` is doing ${jobs} jobs, its limit`, {
        hint: 'try another node, or this one later',
      })
    }
    return { agent, device }
  }

  return {
    id,
    view: () => ({
      id,
      domain,
      state: closing.signal.aborted ? 'draining' : 'ready',
      devices,
      capacity,
      agents: [...agents.keys()],
      blocks: residency.view(),
      jobs,
      ...measure(),
    }),

    async work(job, signal) {
      const { agent, device } = admit(job)
      const { agent: _, device: __, capability, input, ...told } = job
      const late = () =>
        new MusterError('deadline-passed', `agent \`${agent.id}\` was not done with \`${capability}\` in time`)
      jobs += 1
      try {
        return await withDeadline(
          clock,
          job.deadline,
          signal =>
            perform(agent, capability, input, {
              ...told,
              signal,
              clock,
              async infer(model, feeds) {
                signal.throwIfAborted()
                return residency.infer(model, device, feeds)
              },
            }),
          { signal: AbortSignal.any([signal, closing.signal]), late },
        )
      } catch (error) {
        if (error instanceof MusterError) throw error
        throw new MusterError('cancelled', `the work of agent \`${agent.id}\` was called off`, { cause: error })
      } finally {
        jobs -= 1
      }
    },

    async [Symbol.asyncDispose]() {
      closing.abort(new MusterError('closed', `node \`${id}\` is closed`))
      await residency[Symbol.asyncDispose]()
    },
  }
}

/** Lets the agent work; whatever it throws that is not ours is its failure, unless it only gave up because it was told to. */
async function perform(
  agent: Agent,
  capability: string,
  input: Readonly<Record<string, unknown>>,
  context: WorkContext,
): Promise<unknown> {
  try {
    return await agent.perform(capability, input, context)
  } catch (cause) {
    if (cause instanceof MusterError) throw cause
    context.signal.throwIfAborted()
    const words = cause instanceof Error ? cause.message : String(cause)
    throw new MusterError('agent-failed', `agent \`${agent.id}\` failed at \`${capability}\`: ${words}`, { cause })
  }
}
