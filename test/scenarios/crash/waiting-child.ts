/** Declares the goal of a stage and stays when it waits for people: `waiting-child.ts STAGE FOLDER`. */
import { pathToFileURL } from 'node:url'
import { createMuster } from 'muster'
import type { stage as Stage } from './branches-stage.ts'

const [stageFile = '', folder = ''] = process.argv.slice(2)
const { stage }: { stage: typeof Stage } = await import(pathToFileURL(stageFile).href)
const { config, declaration } = await stage(folder)
const muster = await createMuster(config)
const run = await muster.declare(declaration)
console.log(`${run.id} ${await run.idle()}`)
setInterval(() => {}, 60_000)
