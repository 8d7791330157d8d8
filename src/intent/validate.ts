/** Whether a goal makes sense here: its names are known, its data is valid, its success check can be read. */
import { check, compileCondition, type Concept, MusterError, problemOf } from '../core/index.ts'
import { conceptNameOf, type Goal } from './goal.ts'
import { nearestName } from './nearest.ts'

/** Checks `goal` against the concepts known here, by name. Throws one `bad-input` that names everything wrong with it. */
export async function checkGoal(goal: Goal, concepts: ReadonlyMap<string, Concept>): Promise<void> {
  const issues: string[] = []
  for (const [given, value] of Object.entries(goal.given)) {
    const concept = concepts.get(conceptNameOf(given))
    if (!concept) issues.push(`given \`${given}\`: ${unknown(conceptNameOf(given), concepts)}`)
    else {
      const result = await check(concept.schema, value)
      if ('issues' in result) issues.push(...result.issues.map(issue => `given \`${given}\`: ${issue}`))
    }
  }
  for (const wanted of goal.wanted)
    if (!concepts.has(wanted)) issues.push(`wanted \`${wanted}\`: ${unknown(wanted, concepts)}`)
  issues.push(...successIssues(goal))
  if (issues.length === 0) return
  throw new MusterError('bad-input', `the goal is not valid: ${issues.join('; ')}`, {
    hint: 'correct what is named and declare it again',
  })
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

function unknown(name: string, concepts: ReadonlyMap<string, Concept>): string {
  const near = nearestName(name, concepts.keys())
  return `there is no concept \`${name}\`${near === undefined ? '' : `, perhaps \`${near}\``}`
}
