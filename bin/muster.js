#!/usr/bin/env node
// Starts the command line on Node 24 or newer; an older Node hands over to the one that was installed with the package.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const oldest = 24

if (Number(process.versions.node.split('.')[0]) >= oldest) {
  await import('../src/cli/main.ts')
} else {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))
  if (process.env.MUSTER_NODE !== node && existsSync(node)) {
    const child = spawn(node, process.argv.slice(1), {
      stdio: 'inherit',
      env: { ...process.env, MUSTER_NODE: node },
    })
    // A terminal sends control-C to the child itself; this process must only outlive it to pass on how it ended.
    process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
    process.on('SIGTERM', () => child.kill('SIGTERM'))
    child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
  } else {
    process.stderr.write(`muster: it needs Node ${oldest} or newer, and this is ${process.versions.node}\n`)
    process.stderr.write('  install a newer Node, or run `npm install` in the folder of the package\n')
    process.exitCode = 2
  }
}
