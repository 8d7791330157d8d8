/** The door of suppositions: what would have to be true for a better plan, or for any. */
export { type Supposition, suppose } from './suppose.ts'
export { sayUnlocked, saySupposition } from './words.ts'
