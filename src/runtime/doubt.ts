/** Whether nobody knows what came of work that was given up. */
import type { Flow } from './hall.ts'
import type { StepState } from './step-state.ts'

/** Whether a step that will not deliver, or something that it has called, may have changed the world. */
export function mayHaveActed({ journal, registry }: Flow, { step, parent, status, touched }: StepState): boolean {
  const effect = registry.capability(step.capability)?.effect ?? 'acts'
  if (!touched || effect === 'pure' || effect === 'reads') return false
  const { steps } = journal.state
  const gaveUp = ({ status }: StepState) =>
    status.kind === 'dropped' && (status.cause === 'failed' || status.cause === 'denied')
  if (status.kind === 'dropped') return status.cause === 'failed' || status.cause === 'denied'
  for (let caller = parent; caller !== undefined; caller = steps.get(caller)?.parent) {
    const by = steps.get(caller)
    if (by !== undefined && gaveUp(by)) return true
  }
  return false
}
