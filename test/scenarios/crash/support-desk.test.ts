import path from 'node:path'
import { killEverywhere } from './kill-everywhere.ts'

killEverywhere('a question to the support desk', path.join(import.meta.dirname, 'support-desk-stage.ts'), ['after'])
