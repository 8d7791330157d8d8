import { createLocalBus } from '../../src/bus/index.ts'
import { busExam } from './bus.ts'

busExam('one process', async () => ({
  bus: createLocalBus(),
  delivered: () => new Promise(resolve => setImmediate(resolve)),
}))
