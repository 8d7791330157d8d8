/** `muster agents` and `muster nodes`: who there is, and where work can be. */
import {
  type Agent,
  type Capability,
  capabilityId,
  createRegistry,
  type Method,
  type Task,
} from '../../agents/index.ts'
import type { Port, Resources } from '../../core/index.ts'
import { type NodeView, openLocalNode } from '../../nodes/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { openConfig } from '../session.ts'
import { type Line, line, styled } from '../view/text.ts'
import { bytes, percent, short } from '../view/words.ts'

/** Lists the agents of the configuration with what they offer, and the tasks with their methods. */
export async function showAgents(cli: Cli): Promise<Report> {
  await using opened = await openConfig(cli)
  const { agents, tasks, methods } = createRegistry(opened.config.agents, opened.config.methods)
  const ways = tasks.map(task => ({ task, methods: methods.filter(({ of }) => of === task) }))
  const document = {
    agents: agents.map(agent => ({ ...agentDocument(agent), offers: agent.offers.map(offerDocument) })),
    tasks: ways.map(({ task, methods }) => taskDocument(task, methods)),
  }
  const lines = [...agents.flatMap(agentLines), ...ways.flatMap(({ task, methods }) => taskLines(task, methods))]
  return { exit: exits.done, document, lines }
}

function agentDocument({ id, kind, domain, description, models }: Agent) {
  return { id, kind, domain, description, models: models.map(({ name }) => name) }
}

function offerDocument(capability: Capability) {
  const { takes, gives, effect, description } = capability
  return { capability: capabilityId(capability), effect, description, takes: portsOf(takes), gives: portsOf(gives) }
}

function portsOf(ports: Readonly<Record<string, Port>>): Readonly<Record<string, string>> {
  const nameOf = (port: Port) => (port.kind === 'all' ? `all ${port.concept.name}` : port.name)
  return Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, nameOf(port)]))
}

function agentLines({ id, kind, domain, description, offers }: Agent): readonly Line[] {
  const words = description === id ? '' : `  ${description}`
  return [
    line(styled('bold', id), styled('dim', `  ${kind}, ${domain}${words}`)),
    ...offers.map(offer => {
      const { capability, effect, takes, gives } = offerDocument(offer)
      const listed = (ports: Readonly<Record<string, string>>) => Object.values(ports).join(', ') || 'nothing'
      return line(
        '  ',
        styled('cyan', short(capability)),
        `  ${listed(takes)} → ${listed(gives)}`,
        styled('dim', `  ${effect}`),
      )
    }),
  ]
}

function taskDocument({ name, description, takes, gives }: Task, methods: readonly Method[]) {
  const ways = methods.map(({ name, when, steps }) => ({
    name,
    when,
    steps: steps.map(step => (step.do.kind === 'task' ? step.do.name : capabilityId(step.do))),
  }))
  return { task: name, description, takes: portsOf(takes), gives: portsOf(gives), methods: ways }
}

function taskLines(task: Task, methods: readonly Method[]): readonly Line[] {
  const { takes, gives, methods: ways } = taskDocument(task, methods)
  const listed = (ports: Readonly<Record<string, string>>) => Object.values(ports).join(', ') || 'nothing'
  return [
    line(styled('bold', task.name), styled('dim', '  task'), `  ${listed(takes)} → ${listed(gives)}`),
    ...ways.map(({ name, when, steps }) =>
      line(
        '  ',
        styled('cyan', name),
        `  ${steps.map(short).join(', ')}`,
        styled('dim', when === undefined ? '' : `  when ${when}`),
      ),
    ),
  ]
}

/** Shows the nodes of the configuration: what they lend, and how busy they are. */
export async function showNodes(cli: Cli): Promise<Report> {
  await using opened = await openConfig(cli)
  const { agents, lend } = opened.config
  await using node = await openLocalNode({ agents, clock: cli.clock, ...(lend === undefined ? {} : { lend }) })
  const nodes = [node.view()]
  return { exit: exits.done, document: { nodes }, lines: nodes.flatMap(nodeLines) }
}

function nodeLines({ id, domain, state, capacity, devices, agents, cpuLoad, memoryFree }: NodeView): readonly Line[] {
  return [
    line(
      styled('bold', id),
      '  ',
      styled(state === 'ready' ? 'green' : 'yellow', state),
      styled('dim', `  of ${domain}`),
    ),
    line(`  lends ${capacityWords(capacity)}`),
    line(`  ${percent(cpuLoad)} of the processors busy, ${bytes(memoryFree)} of memory free`),
    ...devices.map(({ id, name, provider, simulated }) =>
      line(`  ${id}  ${name}`, styled('dim', `  ${provider}${simulated ? ', simulated in software' : ''}`)),
    ),
    line(styled('dim', `  runs ${agents.join(', ')}`)),
  ]
}

function capacityWords({ cpu = 0, memory = 0, gpu = 0, vram = 0 }: Resources): string {
  const gpus = gpu > 0 ? `, ${gpu} GPU with ${bytes(vram)}` : ''
  return `${cpu} cores, ${bytes(memory)} of memory${gpus}`
}
