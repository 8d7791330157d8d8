/** Whether a goal makes sense here: its names are known, its data is valid, its success check can be read. */
import type { Registry } from '../agents/index.ts'
import { check, compileCondition, MusterError, problemOf } from '../core/index.ts'
import { conceptNameOf, type Goal } from './goal.ts'
import { nearestName } from './nearest.ts'

/** What a goal may speak of. */
type Known = Pick<Registry, 'concept' | 'concepts' | 'task' | 'tasks'>

/** Checks `goal` against the concepts known here. Throws one `bad-input` that names everything wrong with it. */
export async function checkGoal(goal: Goal, known: Known): Promise<void> {
  const issues = [...(await givenIssues(goal.given, known))]
  for (const wanted of goal.wanted)
    if (!known.concept(wanted)) issues.push(`wanted \`${wanted}\`: ${unknown(wanted, known)}`)
  for (const name of goal.perform ?? [])
    if (!known.task(name)) issues.push(`perform \`${name}\`: ${unknownTask(name, known)}`)
  issues.push(...factIssues(goal), ...successIssues(goal))
  if (issues.length === 0) return
  throw new MusterError('bad-input', `the goal is not valid: ${issues.join('; ')}`, {
    hint: 'correct what is named and declare it again',
  })
}

function factIssues({ given, facts = [], achieve = [] }: Goal): readonly string[] {
  const names = Object.keys(given)
  return [...facts, ...achieve].flatMap(({ fact, about }) =>
    about
      .filter(name => !names.includes(name))
      .map(name => {
        const near = nearestName(name, names)
        return `fact \`${fact}\`: no \`${name}\` is given${near === undefined ? '' : `, perhaps \`${near}\``}`
      }),
  )
}

/** What is wrong with data that is given, a line each: unknown concepts and values that do not fit. */
export async function givenIssues(data: Goal['given'], known: Known): Promise<readonly string[]> {
  const issues: string[] = []
  for (const [given, value] of Object.entries(data)) {
    const concept = known.concept(conceptNameOf(given))
    if (!concept) issues.push(`given \`${given}\`: ${unknown(conceptNameOf(given), known)}`)
    else {
      const result = await check(concept.schema, value)
      if ('issues' in result) issues.push(...result.issues.map(issue => `given \`${given}\`: ${issue}`))
    }
  }
  return issues
}

function successIssues(goal: Goal): readonly string[] {
  if (goal.success === undefined) return []
  const delivered = new Set([...goal.wanted, ...Object.keys(goal.given).map(conceptNameOf)])
  try {
    return compileCondition(goal.success)
      .names.filter(name => !delivered.has(conceptNameOf(name)))
      .map(name => {
        const near = nearestName(name, delivered)
        return `success: \`${name}\` is neither wanted nor given${near === undefined ? '' : `, perhaps \`${near}\``}`
      })
  } catch (error) {
    return [`success: ${problemOf(error).message}`]
  }
}

function unknownTask(name: string, { tasks }: Known): string {
  const near = nearestName(
    name,
    tasks.map(task => task.name),
  )
  return `there is no task \`${name}\`${near === undefined ? '' : `, perhaps \`${near}\``}`
}

function unknown(name: string, { concepts }: Known): string {
  const near = nearestName(
    name,
    concepts.map(concept => concept.name),
  )
  return `there is no concept \`${name}\`${near === undefined ? '' : `, perhaps \`${near}\``}`
}
