/** The door of intent: what is wanted. */
export {
  conceptNameOf,
  defineGoal,
  type Goal,
  goalSchema,
  type Limits,
  limitsOf,
  parseGoal,
  sharesOf,
  type TypedGoal,
} from './goal.ts'
