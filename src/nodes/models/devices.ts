/**
 * The processors of this machine that ONNX Runtime really reaches.
 *
 * 1. A GPU is claimed only after something was computed on it with the way back to the CPU closed.
 * 2. An adapter that emulates a GPU in software is `simulated`, and its name says so.
 * 3. A driver that hangs or crashes costs a deadline, never the node: the trial runs in a process of its own.
 */
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Device } from '../node.ts'

/** What a trial on a GPU has shown. */
export type Probed =
  | { readonly kind: 'hardware'; readonly nvidia: boolean }
  | { readonly kind: 'software'; readonly name: string }
  | { readonly kind: 'none' }

/** The devices of a machine, the CPU first. */
export interface Hardware {
  readonly devices: readonly Device[]
  /** Bytes of memory of all its GPUs together. */
  readonly vram: number
}

interface NvidiaGpu {
  readonly ordinal: number
  readonly name: string
  /** Bytes. */
  readonly vram: number
}

const run = promisify(execFile)

// Starting a driver for the first time can take seconds; one that takes longer than this hangs.
const probeMs = 10_000

const cpu: Device = {
  id: 'cpu',
  kind: 'cpu',
  provider: 'cpu',
  name: cpus()[0]?.model.trim() || 'processor',
  simulated: false,
}

let found: Promise<Hardware> | undefined

/** Looks at this machine, once a process. Never rejects: what cannot be looked at is not there. */
export function detectHardware(): Promise<Hardware> {
  found ??= detect()
  return found
}

async function detect(): Promise<Hardware> {
  // Loading drivers takes a process and some hundred milliseconds. Most machines have no GPU, and these few names tell:
  // every Linux driver shows one of the files, and a Vulkan driver without hardware has to be asked for by a variable.
  if (!(await mayHaveGpu())) return { devices: [cpu], vram: 0 }
  const nvidia = await nvidiaGpus()
  const cuda = await Promise.all(nvidia.map(gpu => probe('cuda', gpu.ordinal)))
  const reached = nvidia.filter((_, index) => cuda[index]?.kind === 'hardware')
  if (reached.length > 0) {
    return {
      devices: [cpu, ...reached.map(gpu => gpuDevice(gpu.ordinal, 'cuda', gpu.name))],
      vram: reached.reduce((sum, gpu) => sum + gpu.vram, 0),
    }
  }
  const webgpu = await probe('webgpu', 0)
  if (webgpu.kind === 'none') return { devices: [cpu], vram: 0 }
  if (webgpu.kind === 'software') {
    return { devices: [cpu, { ...gpuDevice(0, 'webgpu', `software (${webgpu.name})`), simulated: true }], vram: 0 }
  }
  const [gpu] = webgpu.nvidia ? nvidia : []
  return {
    devices: [cpu, gpuDevice(0, 'webgpu', gpu?.name ?? 'GPU behind Vulkan')],
    // Most GPUs that do not say how much memory they have share the machine's; a quarter of it does no harm.
    vram: gpu?.vram ?? Math.floor(totalmem() / 4),
  }
}

function gpuDevice(ordinal: number, provider: 'cuda' | 'webgpu', name: string): Device {
  return { id: `gpu${ordinal}`, kind: 'gpu', provider, name, simulated: false }
}

async function mayHaveGpu(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  if (process.env['VK_ICD_FILENAMES'] !== undefined || process.env['VK_DRIVER_FILES'] !== undefined) return true
  const files = await Promise.allSettled(['/dev/nvidiactl', '/dev/dri'].map(file => access(file)))
  return files.some(file => file.status === 'fulfilled')
}

async function nvidiaGpus(): Promise<readonly NvidiaGpu[]> {
  const query = ['--query-gpu=index,name,memory.total', '--format=csv,noheader,nounits']
  const answer = await run('nvidia-smi', query, { timeout: probeMs }).catch(() => undefined)
  return (answer?.stdout ?? '').split('\n').flatMap(line => {
    const [ordinal, name, mebibytes] = line.split(', ')
    if (!ordinal || !name || !mebibytes) return []
    return [{ ordinal: Number(ordinal), name, vram: Number(mebibytes) * 2 ** 20 }]
  })
}

async function probe(provider: 'cuda' | 'webgpu', ordinal: number): Promise<Probed> {
  const file = fileURLToPath(new URL('./probe.ts', import.meta.url))
  try {
    const { stdout } = await run(process.execPath, [file, provider, String(ordinal)], {
      timeout: probeMs,
      killSignal: 'SIGKILL',
      env: { ...process.env, ORT_DISABLE_TELEMETRY: '1' },
    })
    const probed: Probed = JSON.parse(stdout)
    return probed
  } catch {
    return { kind: 'none' }
  }
}
