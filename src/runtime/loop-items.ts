/** The items of a loop, each a step of its own. */
import type { RunState } from './run.ts'
import type { StepState } from './step-state.ts'

/** The steps for the items of a loop, in their order; none before it is expanded. */
export function itemsOf({ steps }: RunState, id: string): readonly StepState[] {
  const items: StepState[] = []
  for (let item = steps.get(`${id}/1`); item !== undefined; item = steps.get(`${id}/${items.length + 1}`))
    items.push(item)
  return items
}

/** The number of the item that step `id` is for, counted from 1, when it is one of the loop `parent`. */
export function itemNumber(id: string, parent: string): number | undefined {
  const number = /^\/([1-9][0-9]{0,3})$/.exec(id.slice(parent.length))?.[1]
  return id.startsWith(parent) && number !== undefined ? Number(number) : undefined
}
