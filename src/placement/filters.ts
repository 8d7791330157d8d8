/** Filters: why work cannot run at a place. The first that objects is the reason. */
import { lacking, type ResourceKind, type Resources } from '../core/index.ts'
import type { Device, NodeView } from '../nodes/index.ts'
import { isRealGpu } from './holds.ts'
import type { PlacementRequest } from './placement.ts'

/** A node, what of it is free, one of its devices, and what the work would take there. */
export interface Place {
  readonly view: NodeView
  readonly free: Resources
  readonly device: Device
  readonly hold: Resources
}

/** What is wrong with a place, in words for one node and for several. */
interface Words {
  readonly one: string
  readonly several: string
}

/** Why work cannot run at a place. */
export interface Objection extends Words {
  /** How many filters had nothing to object: of two places that do not fit, the higher one was closer. */
  readonly passed: number
}

type Filter = (request: PlacementRequest, place: Place) => Words | undefined

const standing = (state: string): Words => ({ one: `is ${state}`, several: `are ${state}` })
const states = { cordoned: standing('cordoned'), draining: standing('draining'), failing: standing('failing') }

const nodeTakesWork: Filter = (_, { view }) => (view.state === 'ready' ? undefined : states[view.state])

const nodeRunsAgent: Filter = ({ agent }, { view }) =>
  view.agents.includes(agent) ? undefined : { one: `does not run \`${agent}\``, several: `do not run \`${agent}\`` }

/** Control work stays on CPUs. Inference that asks for a GPU by amount is not served by anything less. */
const deviceSuits: Filter = ({ work, needs }, { device }) => {
  if (work === 'control') {
    return device.kind === 'cpu'
      ? undefined
      : { one: 'has a GPU for inference only', several: 'have GPUs for inference only' }
  }
  const needsGpu = (needs.gpu ?? 0) > 0 || (needs.vram ?? 0) > 0
  return needsGpu && !isRealGpu(device) ? { one: 'has no GPU to spare', several: 'have no GPU to spare' } : undefined
}

const enoughIsFree: Filter = (_, { free, hold }) => {
  const short = lacking(hold, free)
  return short.length === 0 ? undefined : lack(short)
}

function lack(kinds: readonly ResourceKind[]): Words {
  const names = kinds.map(kind => `\`${kind}\``).join(' and ')
  return { one: `lacks ${names}`, several: `lack ${names}` }
}

/** What is promised may be free and the memory yet be taken, by other programs. Loaded models have theirs already. */
const memoryIsThere: Filter = ({ models }, { view, device, hold }) => {
  if (isRealGpu(device)) return undefined
  const there = models.reduce((sum, model) => (standsOn(view, device, model.name) ? sum + (model.memory ?? 0) : sum), 0)
  const fits = (hold.memory ?? 0) - there <= view.memoryFree
  return fits ? undefined : { one: 'is short of real memory', several: 'are short of real memory' }
}

/** In this order: what concerns the whole node before what concerns a device. */
const filters: readonly Filter[] = [nodeTakesWork, nodeRunsAgent, deviceSuits, enoughIsFree, memoryIsThere]

/** Why the work cannot run at `place`; undefined when it can. */
export function objectionTo(request: PlacementRequest, place: Place): Objection | undefined {
  let passed = 0
  for (const filter of filters) {
    const words = filter(request, place)
    if (words) return { ...words, passed }
    passed += 1
  }
  return undefined
}

/** Whether a model stands loaded on a device, or is about to. */
export function standsOn(view: NodeView, device: Device, model: string): boolean {
  return view.blocks.some(
    block =>
      block.model === model && block.device === device.id && block.state !== 'failed' && block.state !== 'unloading',
  )
}
