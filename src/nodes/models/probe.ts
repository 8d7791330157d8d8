/**
 * Run as a process of its own: `node probe.ts <provider> <ordinal>`. Makes ONNX Runtime compute something on a GPU and
 * prints as JSON what that came to. A driver that hangs or crashes takes only this process with it.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Probed } from './devices.ts'

// y = x + x over one float32: the smallest ONNX model that computes something (IR 8, opset 13).
const doubling = Buffer.from(
  'CAg6NQoOCgF4CgF4EgF5IgNBZGQSAWdaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgQKABAN',
  'base64',
)

async function doubles(provider: string, ordinal: number): Promise<boolean> {
  const session = await InferenceSession.create(doubling, {
    executionProviders: [provider === 'cuda' ? { name: 'cuda', deviceId: ordinal } : provider],
    // Without this ONNX Runtime computes on the CPU what the GPU cannot, and the answer would prove nothing.
    extra: { session: { disable_cpu_ep_fallback: '1' } },
    logSeverityLevel: 4,
  })
  const { y } = await session.run({ x: new Tensor('float32', new Float32Array([21]), [1]) })
  return y?.data[0] === 42
}

/** What this process holds open: only a driver of real hardware keeps a device file. */
function openFiles(): readonly string[] {
  return readdirSync('/proc/self/fd').flatMap(fd => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)]
    } catch {
      // The descriptor of the listing itself is gone by now.
      return []
    }
  })
}

function look(provider: string): Probed {
  if (provider === 'cuda') return { kind: 'hardware', nvidia: true }
  const files = openFiles()
  if (files.some(file => /^\/dev\/nvidia\d/.test(file))) return { kind: 'hardware', nvidia: true }
  if (files.some(file => file.startsWith('/dev/dri/'))) return { kind: 'hardware', nvidia: false }
  const libraries = readFileSync('/proc/self/maps', 'utf8')
  if (libraries.includes('swiftshader')) return { kind: 'software', name: 'SwiftShader' }
  if (libraries.includes('libvulkan_lvp')) return { kind: 'software', name: 'llvmpipe' }
  return { kind: 'software', name: 'unknown adapter' }
}

const [provider = '', ordinal = '0'] = process.argv.slice(2)
const probed: Probed = (await doubles(provider, Number(ordinal))) ? look(provider) : { kind: 'none' }
process.stdout.write(JSON.stringify(probed))
