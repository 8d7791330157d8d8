/** Starts the bureau as the separate process that it is, and waits until it listens. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { MusterError } from 'muster'

/** The bureau, running. Disposing of it ends the process. */
export interface Riskline extends AsyncDisposable {
  readonly url: string
  readonly token: string
}

/** Starts the bureau on a free port. Rejects with `agent-failed` when it ends before it listens. */
export async function startRiskline(): Promise<Riskline> {
  const token = randomBytes(24).toString('hex')
  const child = spawn(process.execPath, [fileURLToPath(new URL('server.ts', import.meta.url))], {
    // It belongs to somebody else: it gets its token and none of our environment.
    env: { RISKLINE_TOKEN: token },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const exited = once(child, 'exit')
  const ended = exited.then((): never => {
    throw new MusterError('agent-failed', 'the fraud bureau ended before it listened', { hint: 'read what it printed' })
  })
  // Its end after it was ready is no error.
  ended.catch(() => {})
  const [url] = await Promise.race([once(createInterface({ input: child.stdout }), 'line'), ended])
  return {
    url: String(url),
    token,
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      child.kill()
      await exited
    },
  }
}
