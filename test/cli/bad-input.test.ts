import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { scratch } from '../support/world.ts'
import { fixture, muster, openDesk } from './command.ts'

const pay = fixture('desk/pay.json')
const broken = path.join(mkdtempSync(path.join(tmpdir(), 'muster-test-')), 'broken.json')
writeFileSync(broken, '{ "objective": "Answer", ')
afterAll(() => rmSync(path.dirname(broken), { recursive: true }))
const aRun = 'run-00000000000000000000000000'

describe('what cannot be done', () => {
  it.each([
    ['an unknown command', ['rnu'], 'unknown command `rnu`', '--help'],
    ['no command', [], 'no command is named', 'doctor'],
    ['an unknown option', ['runs', '--all'], 'unknown option `--all`', '--help'],
    ['a missing argument', ['run'], 'missing required argument `goal`', '--help'],
    ['a port that is none', ['serve', '--port', '99999'], 'write a whole number from 0 to 65535', '--help'],
    [
      'an answer without who and why',
      ['approvals', 'approve', 'approval-1'],
      'required option `--as <person>`',
      '--help',
    ],
    ['a goal file that is missing', ['run', 'gaol.json'], 'there is no file `gaol.json`', 'name a JSON file'],
    ['a goal file that is no JSON', ['run', broken], 'is not JSON', 'correct it'],
    ['a goal file that is no JSON, planned', ['plan', broken], 'is not JSON', 'correct it'],
    [
      'a goal of unknown concepts',
      ['run', fixture('desk/unknown-concept.json')],
      'perhaps `Answer`',
      'declare it again',
    ],
    ['a person who is not known', ['run', pay, '--as', 'mria'], 'nobody called `mria`', '`maria`'],
    ['a run that does not exist', ['run', aRun], `there is no run \`${aRun}\``, 'muster runs'],
    ['an answer without a run', ['run', pay, '--answer', 'x'], '`--answer` goes with a run', 'by its id'],
    [
      'an approval that does not exist',
      ['approvals', 'approve', 'x', '--as', 'maria', '--reason', 'y'],
      'no approval `x`',
      'muster approvals',
    ],
    [
      'edits that are no object',
      ['approvals', 'edit', 'x', '--as', 'maria', '--reason', 'y', '--edits', '[]'],
      'no JSON object',
      '{"order"',
    ],
    ['why of what is no run', ['why', 'run-1'], '`run-1` is not a run id', 'muster runs'],
    ['a store that is not there', ['runs'], 'there is no store', '--data'],
    ['an audit of a store that is not there', ['audit', 'verify'], 'there is no store', '--data'],
  ])('%s is told with code, cause and what to do, and writes nothing', async (_, words, cause, hint) => {
    const desk = openDesk()
    const { code, stdout, stderr } = await desk.muster(...words)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(/^(bad-input|not-found): /)
    expect(stderr).toContain(cause)
    expect(stderr).toMatch(/\nwhat to do: /)
    expect(stderr.split('what to do: ')[1]).toContain(hint)
    expect(await desk.size()).toMatchObject({ runs: 0, events: 0 })
  })

  it('is one JSON document too, under --json', async () => {
    const { code, stdout } = await muster(['rnu', '--json'])
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'bad-input', message: 'unknown command `rnu` (Did you mean run?)' },
    })
  })

  it('is refused to a person without the role, and to the one who asked', async () => {
    const desk = openDesk()
    const { document } = await desk.json('run', pay, '--as', 'maria')
    const id = document.approvals[0].id
    const before = await desk.size()
    for (const [person, why] of [
      ['carl', 'the role `finance` is needed'],
      ['maria', 'nobody approves what they asked for'],
    ] as const) {
      const refused = await desk.json('approvals', 'approve', id, '--as', person, '--reason', 'mine')
      expect(refused).toMatchObject({ code: 1, document: { error: { code: 'forbidden' } } })
      expect(refused.document.error.message).toContain(why)
    }
    expect(await desk.size()).toEqual(before)
  })
})

describe('a configuration', () => {
  it('is looked for in the folder, and asked for when it is not there', async () => {
    const { code, stderr } = await muster(['agents'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^bad-config: there is no configuration in /)
    expect(stderr).toContain('what to do: write `muster.config.ts`')
  })

  it.each([
    ['a file that is not there', 'none.config.mjs', 'there is no file'],
    ['one that throws', 'throws.config.mjs', 'the bank is closed'],
    ['one that is none', 'nothing.config.mjs', 'no configuration with `agents` and `policies`'],
  ])('%s is told with its name', async (_, name, cause) => {
    const { code, stderr } = await muster(['agents', '--config', fixture(name)])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^bad-config: /)
    expect(stderr).toContain(name)
    expect(stderr).toContain(cause)
  })

  it('in the folder is used, and its paths start from it', async () => {
    const folder = scratch()
    await mkdir(path.join(folder, 'policies'))
    await writeFile(path.join(folder, 'muster.config.mjs'), 'export default { agents: [], policies: "./policies" }\n')
    await writeFile(path.join(folder, 'policies/a.cedar'), '@id("a") permit (principal, action, resource);\n')
    const { code, stdout } = await muster(['doctor', '--json'], folder)
    expect(code).toBe(0)
    expect(JSON.parse(stdout).checks).toContainEqual(expect.objectContaining({ name: 'policies', state: 'ok' }))
  })
})
