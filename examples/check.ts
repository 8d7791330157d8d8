/** Runs every example the way a reader would, and says which one did not end well. */
import { spawnSync } from 'node:child_process'
import path from 'node:path'

const examples = ['hello/main.ts', 'ask/main.ts', 'reviews/main.ts', 'drafted/main.ts', 'support-desk/demo.ts']

for (const example of examples) {
  const started = performance.now()
  const { status, stderr, stdout } = spawnSync(process.execPath, [path.join(import.meta.dirname, example)], {
    encoding: 'utf8',
    timeout: 120_000,
    env: { ...process.env, NO_COLOR: '1', OPENAI_API_KEY: '', OPENAI_BASE_URL: '' },
  })
  const seconds = ((performance.now() - started) / 1000).toFixed(1)
  if (status !== 0) {
    console.error(`${stdout}\n${stderr}\n${example} ended with ${status}`)
    process.exit(1)
  }
  console.log(`${example} ended well in ${seconds} s`)
}
