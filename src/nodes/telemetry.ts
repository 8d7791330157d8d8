/** How busy this machine is. Measured when somebody asks, at most twice a second; nobody asks, nothing runs. */
import { availableParallelism, cpus, freemem, totalmem } from 'node:os'
import type { Clock } from '../core/index.ts'
import { type GroupLimits, readGroupLimits } from './cgroup.ts'

/** One measurement. */
export interface Sample {
  /** 0 to 1: share of the processors in use since the measurement before. */
  readonly cpuLoad: number
  /** Bytes that could be taken now. */
  readonly memoryFree: number
  /** When it was taken, milliseconds since 1970. */
  readonly at: number
}

/** Processor cores and bytes of memory that this process may use at most. */
export function machineCapacity(): { readonly cpu: number; readonly memory: number } {
  const { cpu, memory } = readGroupLimits()
  return {
    // Whole thousandths, the unit in which they are held.
    cpu: Math.floor(Math.min(cpu?.cores ?? Infinity, availableParallelism()) * 1000) / 1000,
    memory: Math.min(memory?.total ?? Infinity, totalmem()),
  }
}

const freshMs = 500

/** A gauge of this machine: every call gives the newest measurement, taken anew when the last one is 500 ms old. */
export function createTelemetry(clock: Clock): () => Sample {
  let used = processorTime(readGroupLimits())
  let last: Sample | undefined
  return () => {
    const at = clock.now()
    if (last && at - last.at < freshMs) return last
    const limits = readGroupLimits()
    const now = processorTime(limits)
    const spent = now.possible - used.possible
    const cpuLoad = spent > 0 ? Math.min(1, Math.max(0, (now.busy - used.busy) / spent)) : (last?.cpuLoad ?? 0)
    used = now
    last = { cpuLoad, memoryFree: Math.min(limits.memory?.free ?? Infinity, freemem()), at }
    return last
  }
}

/** Milliseconds of processor time used, and that could have been used, since some moment in the past. */
function processorTime({ cpu }: GroupLimits): { readonly busy: number; readonly possible: number } {
  let busy = 0
  let elapsed = 0
  const processors = cpus()
  for (const { times } of processors) {
    const working = times.user + times.nice + times.sys + times.irq
    busy += working
    elapsed += working + times.idle
  }
  if (!cpu || processors.length === 0) return { busy, possible: elapsed }
  return { busy: cpu.used, possible: (elapsed / processors.length) * cpu.cores }
}
