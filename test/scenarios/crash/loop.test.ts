import path from 'node:path'
import { killEverywhere } from './kill-everywhere.ts'

killEverywhere('a run in a loop', path.join(import.meta.dirname, 'loop-stage.ts'), ['after'], 2)
