/** When goals can be had at all. */
import { fireAll } from './firing.ts'
import { layNet, type Move } from './net.ts'

/** The least time at which all of `goals` are had; undefined when they cannot be. */
export function earliestGoals(moves: readonly Move[], goals: readonly number[]): number | undefined {
  const net = layNet(moves, goals, Number.MAX_VALUE)
  const firing = fireAll(net, net.moves.keys())
  return firing.done() ? Math.max(0, ...net.goals.map(goal => firing.at(goal))) : undefined
}
