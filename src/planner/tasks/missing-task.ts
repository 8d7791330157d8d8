/** Why a task cannot be done: which method comes nearest, and what it lacks. */
import { capabilityId, type Method, type Task } from '../../agents/index.ts'
import { explainMissing, type Known } from '../missing.ts'
import type { Problem } from '../problem.ts'
import { taskBookOf } from './book.ts'

/** Says why the task of that name cannot be done with what is `known`; `complete`: whether every way was looked at. */
export function explainTask(name: string, problem: Problem, known: Known, complete: boolean): string {
  const book = taskBookOf(problem.methods)
  const lackOf = (concept: string) => {
    const [missing] = explainMissing([{ what: concept, kind: 'concept', name: concept }], known)
    return `\`${concept}\` (${missing?.because ?? 'it cannot be had'})`
  }
  const lacking = (concepts: readonly string[]) => concepts.find(concept => !known.concepts.has(concept))

  const whyNot = (task: Task, around: readonly string[]): string | undefined => {
    const ways = book.waysOf(task.name)
    if (!ways) return `no method does \`${task.name}\``
    if (around.includes(task.name)) return undefined
    const within = [...around, task.name]
    const inCases = ways.cases.map(method => whyNotSo(method, within)).find(why => why !== undefined)
    if (inCases !== undefined) return inCases
    const plain = ways.plain.map(method => whyNotSo(method, within))
    return plain.includes(undefined) ? undefined : plain[0]
  }

  const whyNotSo = (method: Method, within: readonly string[]): string | undefined => {
    const who = `method \`${method.name}\` of \`${method.of.name}\``
    const fact = [...method.of.requires, ...method.requires].find(one => !known.facts.has(one.fact))
    if (fact) return `${who} requires the fact \`${fact.fact}\`, which does not hold and cannot be brought about`
    const had = lacking(Object.values(method.have).map(concept => concept.name))
    if (had !== undefined) return `${who} lacks ${lackOf(had)}`
    for (const step of method.steps) {
      const open = Object.entries(step.inputs).flatMap(([port, { from }]) => {
        const taken = from === 'open' ? step.do.takes[port] : undefined
        return taken?.kind === 'concept' ? [taken.name] : []
      })
      const lack = lacking(open)
      if (lack !== undefined) return `${who} lacks ${lackOf(lack)} for its step \`${step.name}\``
      const why = step.do.kind === 'task' ? whyNot(step.do, within) : undefined
      if (why !== undefined) return why
      if (step.do.kind === 'capability' && !known.catalogue.entry(capabilityId(step.do)))
        return `${who} lacks somebody who offers \`${capabilityId(step.do)}\` for its step \`${step.name}\``
    }
    return undefined
  }

  const task = book.waysOf(name)?.task
  if (!task) return 'no method does it'
  const input = lacking(Object.values(task.takes).map(concept => concept.name))
  if (input !== undefined) return `it takes ${lackOf(input)}`
  const stuck = complete
    ? 'its steps cannot be put in an order in which each has what it needs'
    : 'tasks stand within tasks too deep, or in too many ways, for all of them to be looked at'
  return whyNot(task, []) ?? stuck
}
