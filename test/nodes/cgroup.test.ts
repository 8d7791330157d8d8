import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readGroupLimits } from '../../src/nodes/cgroup.ts'

/** A tree of control groups: for every group its files. */
function mountOf(groups: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const mount = mkdtempSync(join(tmpdir(), 'muster-cgroup-'))
  for (const [group, files] of Object.entries(groups)) {
    mkdirSync(join(mount, group), { recursive: true })
    for (const [name, text] of Object.entries(files)) writeFileSync(join(mount, group, name), `${text}\n`)
  }
  return mount
}

test('the tightest limit on the way to the root counts', () => {
  const mount = mountOf({
    '/': { 'memory.max': 'max', 'cpu.max': 'max 100000' },
    '/pod': { 'memory.max': '1000', 'memory.current': '300', 'cpu.max': '50000 100000', 'cpu.stat': 'usage_usec 7000' },
    '/pod/app': { 'memory.max': '4000', 'memory.current': '200', 'cpu.max': '200000 100000' },
  })
  expect(readGroupLimits(mount, '/pod/app')).toEqual({
    cpu: { cores: 0.5, used: 7 },
    memory: { total: 1000, free: 700 },
  })
})

test('files that the kernel only keeps because there is room are free memory', () => {
  const mount = mountOf({
    '/': { 'memory.max': '1000', 'memory.current': '900', 'memory.stat': 'anon 300\ninactive_file 600' },
  })
  expect(readGroupLimits(mount, '/').memory).toEqual({ total: 1000, free: 700 })
})

test('without control groups nothing limits', () => {
  expect(readGroupLimits('/nowhere', '/a/b')).toEqual({})
})
