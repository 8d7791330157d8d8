/** `muster agents` and `muster nodes`: who there is, and where work can be. */
import { existsSync } from 'node:fs'
import {
  type Agent,
  type Capability,
  capabilityId,
  createRegistry,
  type Method,
  type Task,
} from '../../agents/index.ts'
import type { MusterConfig } from '../../config.ts'
import { storeFile } from '../../coordinator.ts'
import { formatUsd, type Port, type Resources } from '../../core/index.ts'
import { type NodeView, openLocalNode } from '../../nodes/index.ts'
import { type Accuracy, listAccuracies } from '../../runtime/index.ts'
import { openSqliteStore } from '../../store/index.ts'
import type { Cli } from '../cli.ts'
import { exits, type Report } from '../report.ts'
import { openConfig } from '../session.ts'
import { type Line, line, styled } from '../view/text.ts'
import { bytes, percent, short, span } from '../view/words.ts'

/** Lists the agents of the configuration with what they offer, how true forecasts of their work have been, and the tasks with their methods. */
export async function showAgents(cli: Cli): Promise<Report> {
  await using opened = await openConfig(cli)
  const registry = createRegistry(opened.config.agents, opened.config)
  const { agents } = registry
  const ways = registry.tasks.map(task => ({ task, methods: registry.methods.filter(({ of }) => of === task) }))
  const kept = await keptAccuracies(cli, opened.config)
  const offered = kept.filter(([id]) => registry.capability(id) !== undefined)
  const document = {
    agents: agents.map(agent => ({ ...agentDocument(agent), offers: agent.offers.map(offerDocument) })),
    tasks: ways.map(({ task, methods }) => taskDocument(task, methods)),
    forecasts: Object.fromEntries(offered),
  }
  const forecasts = offered.flatMap(([id, accuracy]) => accuracyLines(id, accuracy))
  const title = forecasts.length === 0 ? [] : [line(), line(styled('bold', 'forecasts, and what came of them'))]
  const tasks = ways.flatMap(({ task, methods }) => taskLines(task, methods))
  return { exit: exits.done, document, lines: [...agents.flatMap(agentLines), ...tasks, ...title, ...forecasts] }
}

// What nobody has run yet has no store.
async function keptAccuracies(cli: Cli, config: MusterConfig): ReturnType<typeof listAccuracies> {
  const { data = config.data } = cli.options
  const file = storeFile({ ...config, ...(data === undefined ? {} : { data }) })
  if (!existsSync(file)) return []
  await using store = await openSqliteStore({ file })
  return listAccuracies(store)
}

/** What was forecast on average, and what came. */
function accuracyLines(id: string, { succeeded, failed, forecast, actual, within }: Accuracy): readonly Line[] {
  const ended = succeeded + failed
  if (ended === 0) return []
  const mean = (sum: number) => sum / Math.max(1, succeeded)
  const words = ({ cost, time }: { readonly cost: number; readonly time: number }) =>
    `${formatUsd(Math.round(mean(cost)))} and ${span(mean(time))}`
  const shares = `${percent(mean(within.cost))} and ${percent(mean(within.time))} of them within their ranges`
  const risks = `${percent(forecast.failed / ended)} were to fail, ${percent(actual.failed / ended)} of ${Math.round(ended)} did`
  const text = `  expected ${words(forecast)}, came to ${words(actual)}, ${shares}; ${risks}`
  return [line('  ', styled('cyan', short(id)), text)]
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
