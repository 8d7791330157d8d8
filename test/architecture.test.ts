/** The import graph is law: layers, doors, no cycles, vendors in their one place. */
import { globSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '..')

/** Lowest first; a folder imports only folders below it. Folders of one row know nothing of each other. */
const layers = [
  ['core'],
  ['store', 'bus'],
  ['agents'],
  ['intent'],
  ['planner', 'nodes'],
  ['policy', 'placement'],
  ['runtime'],
  ['.'],
  ['gateway'],
  ['cli'],
]

/** Packages that appear only where their adapter is. */
const vendors: Readonly<Record<string, readonly string[]>> = {
  '@cedar-policy/': ['src/policy/cedar.ts'],
  '@langchain/': [
    'src/runtime/run-graph.ts',
    'src/runtime/checkpointer.ts',
    'src/agents/adapters/language-model-agent.ts',
  ],
  'onnxruntime-node': ['src/nodes/models/'],
  openai: ['src/agents/adapters/openai.ts'],
  'node:sqlite': ['src/store/', 'src/cli/'],
  '@marcbachmann/cel-js': ['src/core/condition.ts'],
}

const files = globSync('src/**/*.ts', { cwd: root }).map(file => file.replaceAll('\\', '/'))

function importsOf(file: string): readonly string[] {
  const text = readFileSync(path.join(root, file), 'utf8')
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?from\s+['"]([^'"]+)['"]|(?:^|\n)\s*import\s+['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]/g,
    ),
  ].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '')
}

function folderOf(file: string): string {
  const [, folder = '', rest] = file.split('/')
  return rest === undefined ? '.' : folder
}

const rank = (folder: string) => layers.findIndex(row => row.includes(folder))
const local = files.flatMap(from =>
  importsOf(from)
    .filter(target => target.startsWith('.'))
    .map(target => ({ from, to: path.posix.normalize(path.posix.join(path.posix.dirname(from), target)) })),
)

describe('the import graph', () => {
  it('knows every folder', () => {
    // `testing` is a door of its own, for people who test agents.
    const unknown = new Set(files.map(folderOf).filter(folder => folder !== 'testing' && rank(folder) < 0))
    expect([...unknown]).toEqual([])
  })

  it('points only downwards', () => {
    const upwards = local.filter(({ from, to }) => {
      const [a, b] = [folderOf(from), folderOf(to)]
      return a !== b && a !== 'testing' && rank(b) >= rank(a)
    })
    expect(upwards).toEqual([])
  })

  it('enters folders by their door', () => {
    const pastDoors = local.filter(
      ({ from, to }) =>
        folderOf(from) !== folderOf(to) && folderOf(to) !== '.' && path.posix.basename(to) !== 'index.ts',
    )
    expect(pastDoors).toEqual([])
  })

  it('has no cycle, not even of types', () => {
    const graph = Map.groupBy(local, ({ from }) => from)
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (file: string, trail: readonly string[]) => {
      if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' → '))
      if (done.has(file) || trail.includes(file)) return
      for (const { to } of graph.get(file) ?? []) visit(to, [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(cycles).toEqual([])
  })

  it('names each vendor in one place', () => {
    const strays = files.flatMap(file =>
      importsOf(file)
        .filter(target => {
          const vendor = Object.keys(vendors).find(
            name => target === name || target.startsWith(name.endsWith('/') ? name : `${name}/`),
          )
          return vendor !== undefined && !vendors[vendor]?.some(place => file.startsWith(place))
        })
        .map(target => `${file} imports ${target}`),
    )
    expect(strays).toEqual([])
  })

  it('keeps files short enough to read', () => {
    const long = files.filter(file => readFileSync(path.join(root, file), 'utf8').split('\n').length > 400)
    expect(long).toEqual([])
  })
})
