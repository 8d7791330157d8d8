/** What a Linux control group (version 2) leaves this process of the machine: in a container that is all there is. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The tightest limits on the way from the group of this process to the root; absent where nothing limits. */
export interface GroupLimits {
  readonly cpu?: {
    /** Processor cores; fractions allowed. */
    readonly cores: number
    /** Milliseconds of processor time that the group has used. */
    readonly used: number
  }
  readonly memory?: {
    /** Bytes. */
    readonly total: number
    readonly free: number
  }
}

/** Reads the limits under `mount`; `group` is the path of the group below it, by default that of this process. */
export function readGroupLimits(mount = '/sys/fs/cgroup', group = ownGroup()): GroupLimits {
  let limits: GroupLimits = {}
  for (let path = join('/', group); ; path = dirname(path)) {
    const cpu = cpuOf(join(mount, path))
    const memory = memoryOf(join(mount, path))
    if (cpu && cpu.cores < (limits.cpu?.cores ?? Infinity)) limits = { ...limits, cpu }
    if (memory && memory.free < (limits.memory?.free ?? Infinity)) limits = { ...limits, memory }
    if (path === '/') return limits
  }
}

function ownGroup(): string {
  return /^0::(.*)$/m.exec(textOf('/proc/self/cgroup'))?.[1] ?? '/'
}

function cpuOf(path: string): GroupLimits['cpu'] {
  const [quota, period] = textOf(join(path, 'cpu.max')).split(' ').map(Number)
  if (!quota || !period) return undefined
  return { cores: quota / period, used: numberIn(join(path, 'cpu.stat'), 'usage_usec') / 1000 }
}

function memoryOf(path: string): GroupLimits['memory'] {
  const total = Number(textOf(join(path, 'memory.max')) || 'max')
  if (Number.isNaN(total)) return undefined
  // Files that the kernel only keeps because there is room count as used, but are given up when memory is needed.
  const kept = numberIn(join(path, 'memory.stat'), 'inactive_file')
  const used = Number(textOf(join(path, 'memory.current')) || 0) - kept
  return { total, free: Math.max(0, total - used) }
}

function numberIn(file: string, key: string): number {
  return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(textOf(file))?.[1] ?? 0)
}

/** The text of a file, or none when there is no such file. */
function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return ''
  }
}
