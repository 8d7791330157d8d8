/** A picture of a plan for people, as a Mermaid flowchart. */
import { type Origin, originsOf, type Plan, type Step } from './plan.ts'

/**
 * Draws `plan`: what is given, the steps, what is wanted. A dotted arrow means only that one step waits for another: with a name, because its condition speaks of it; with
 * `else`, because it runs only when the other does not deliver.
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
  const from = (source: Origin) =>
    source.from === 'given' ? node(`given ${source.name}`, '([', source.name, '])') : stepNode(source.step)
  for (const step of plan.steps) {
    const id = stepNode(step.id)
    for (const [port, source] of inputsOf(step)) lines.push(`  ${from(source)} -->|"${escape(port)}"| ${id}`)
    for (const [name, source] of judgedBy(step)) lines.push(`  ${from(source)} -.->|"${escape(name)}?"| ${id}`)
    for (const other of step.after) lines.push(`  ${stepNode(other)} -.-> ${id}`)
    for (const other of step.unless ?? []) lines.push(`  ${stepNode(other)} -.->|"else"| ${id}`)
  }
  for (const [concept, source] of Object.entries(plan.wanted)) {
    for (const origin of originsOf(source)) {
      const first = from(origin)
      lines.push(`  ${first} --> ${node(`wanted ${concept}`, '([', concept, '])')}`)
    }
  }
  return `${lines.join('\n')}\n`
}

function label({ steps }: Plan, id: string): string {
  const step = steps.find(other => other.id === id)
  return step ? `${id}: ${step.capability}${step.each ? ` for each ${step.each.port}` : ''}` : id
}

function inputsOf({ inputs }: Step): readonly (readonly [string, Origin])[] {
  return Object.entries(inputs).flatMap(([port, input]) => originsOf(input).map(origin => [port, origin] as const))
}

function judgedBy({ when }: Step): readonly (readonly [string, Origin])[] {
  return Object.entries(when?.over ?? {}).flatMap(([name, source]) =>
    originsOf(source).map(origin => [name, origin] as const),
  )
}

function escape(text: string): string {
  return text.replaceAll(/[#"&<>]/g, character => `#${character.charCodeAt(0)};`)
}
