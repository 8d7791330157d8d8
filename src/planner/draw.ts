/** A picture of a plan for people, as a Mermaid flowchart. */
import type { Plan, Source, Step } from './plan.ts'

/**
 * Draws `plan`: what is given, the steps, what is wanted. A dotted arrow means only that one step waits for another.
 */
export function drawPlan(plan: Plan): string {
  const nodes = new Map<string, string>()
  const node = (key: string, open: string, label: string, close: string): string => {
    const id = nodes.get(key) ?? `n${nodes.size + 1}`
    if (!nodes.has(key)) {
      nodes.set(key, id)
      lines.push(`  ${id}${open}"${escape(label)}"${close}`)
    }
    return id
  }
  const lines = ['flowchart LR']
  const stepNode = (id: string) => node(`step ${id}`, '[', label(plan, id), ']')
  const from = (source: Source) =>
    source.from === 'given' ? node(`given ${source.name}`, '([', source.name, '])') : stepNode(source.step)
  for (const step of plan.steps) {
    const id = stepNode(step.id)
    for (const [port, source] of inputsOf(step)) lines.push(`  ${from(source)} -->|"${escape(port)}"| ${id}`)
    for (const other of step.after) lines.push(`  ${stepNode(other)} -.-> ${id}`)
  }
  for (const [concept, source] of Object.entries(plan.wanted)) {
    const first = from(source)
    lines.push(`  ${first} --> ${node(`wanted ${concept}`, '([', concept, '])')}`)
  }
  return `${lines.join('\n')}\n`
}

function label({ steps }: Plan, id: string): string {
  const step = steps.find(other => other.id === id)
  return step ? `${id}: ${step.capability}` : id
}

function inputsOf({ inputs }: Step): readonly (readonly [string, Source])[] {
  return Object.entries(inputs).flatMap(([port, input]) =>
    ('from' in input ? [input] : input).map(source => [port, source] as const),
  )
}

function escape(text: string): string {
  return text.replaceAll(/[#"&<>]/g, character => `#${character.charCodeAt(0)};`)
}
