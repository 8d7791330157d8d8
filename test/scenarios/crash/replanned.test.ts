import path from 'node:path'
import { killEverywhere } from './kill-everywhere.ts'

killEverywhere('a run that is planned again', path.join(import.meta.dirname, 'replanned-stage.ts'), ['after'])
