/** The door of intent: what is wanted. */
export {
  conceptNameOf,
  defineGoal,
  goalChangeSchema,
  type Goal,
  givenNameOf,
  goalSchema,
  limitsOf,
  parseGoal,
  sharesOf,
  type TypedGoal,
} from './goal.ts'
export { intentAgent } from './intent-agent.ts'
export { type Interpretation, interpret } from './interpret.ts'
export { defineInterpreter, type Interpreter } from './interpreter.ts'
export { Reading } from './reading.ts'
export { createInterpreter } from './registry-interpreter.ts'
export { checkGoal, givenIssues } from './validate.ts'
