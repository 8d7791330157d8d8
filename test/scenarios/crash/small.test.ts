import path from 'node:path'
import { killEverywhere } from './kill-everywhere.ts'

killEverywhere('a run', path.join(import.meta.dirname, 'small-stage.ts'), ['after', 'before'])
