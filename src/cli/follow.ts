/** Following a run with whatever this process was started on: live on a terminal, or line by line. */
import type { Muster, Run } from '../coordinator.ts'
import type { Principal } from '../core/index.ts'
import type { Cli } from './cli.ts'
import type { Face, Reply, StandIn } from './face.ts'
import { openLiveFace } from './live-face.ts'
import { openPlainFace } from './plain-face.ts'
import { type Watched, watchRun } from './watch.ts'

/** What of a run is followed, and who answers besides those at the keyboard. */
export interface FollowOptions {
  readonly as: Principal
  /** Events up to this number are not shown as lines again. */
  readonly after?: number
  readonly standIn?: StandIn
}

/** Shows `run` until it has ended or waits for somebody who is not here. */
export function followHere(
  cli: Pick<Cli, 'screen' | 'print' | 'clock' | 'leave' | 'interrupt'>,
  muster: Muster,
  run: Run,
  { as, after, standIn }: FollowOptions,
): Promise<Watched> {
  const { screen, print, clock, leave, interrupt } = cli
  const { people } = muster
  const open = (reply: Reply): Face =>
    screen === undefined
      ? openPlainFace({ print, reply, people, standIn })
      : openLiveFace({ ...screen, clock, reply, people, standIn, leave: interrupt })
  // A picture is made of everything; only lines can be left out.
  const shownBefore = screen === undefined ? after : undefined
  return watchRun(muster, run, { open, leave, as, ...(shownBefore === undefined ? {} : { after: shownBefore }) })
}
