/** Whether nobody knows what came of work that was begun. */
import type { Flow } from './hall.ts'
import type { StepState } from './step-state.ts'

/** Whether a step that will not deliver, or something that it has called, may have changed the world. */
export function mayHaveActed(flow: Flow, stepState: StepState): boolean {
  if (!isBegun(flow, stepState)) return false
  const { parent, status } = stepState
  const { steps } = flow.journal.state
  const gaveUp = ({ status }: StepState) =>
    status.kind === 'dropped' && (status.cause === 'failed' || status.cause === 'denied')
  if (status.kind === 'dropped') return status.cause === 'failed' || status.cause === 'denied'
  for (let caller = parent; caller !== undefined; caller = steps.get(caller)?.parent) {
    const by = steps.get(caller)
    if (by !== undefined && gaveUp(by)) return true
  }
  return false
}

/** Whether a step may have changed the world and has not ended: people are to say what came of it, or to let it out. */
export function isUnsettled(flow: Flow, stepState: StepState): boolean {
  const { kind } = stepState.status
  return kind !== 'succeeded' && kind !== 'dropped' && isBegun(flow, stepState)
}

/** Whether it is work that changes the world, of which some attempt may have done something. */
function isBegun({ registry }: Flow, { step, touched }: StepState): boolean {
  const effect = registry.capability(step.capability)?.effect ?? 'acts'
  return touched && effect !== 'pure' && effect !== 'reads'
}
